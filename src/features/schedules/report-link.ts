import { Injectable } from '@nestjs/common';
import { Config } from '../../platform/settings/config.js';
import { sign, signedBy } from '../../platform/signing.js';

/** The content of a report link. The link does not reveal it: it contains only the mail in which it was sent. */
export interface ReportLink {
  mailId: string;
  /** The link is not valid from this moment on. */
  expiresAt: Date;
}

const idBytes = 16;
const secondsBytes = 6;
const purpose = 'report-link';

/** 54 bytes are 72 characters without spare bits, so that each link has exactly one spelling. */
const tokenPattern = /^[A-Za-z0-9_-]{72}$/;

/** Signs links to reports that are too large for a mail: each for one mail, so for one recipient, until a moment. */
@Injectable()
export class ReportLinks {
  constructor(private readonly config: Config) {}

  /** Rounded to the second. */
  linkFor({ mailId, expiresAt }: ReportLink): string {
    const content = Buffer.alloc(idBytes + secondsBytes);
    content.write(mailId.replaceAll('-', ''), 'hex');
    content.writeUIntBE(Math.floor(expiresAt.getTime() / 1000), idBytes, secondsBytes);
    const token = Buffer.concat([content, sign(this.config.secretKey, purpose, content)]).toString('base64url');
    return `${this.config.publicUrl}/reports/${token}`;
  }

  /** The relative address that the page uses for itself, so that it works on any host. */
  pathOf(token: string): string {
    return `${new URL(this.config.publicUrl).pathname.replace(/\/$/, '')}/reports/${token}`;
  }

  /** Undefined if this service did not sign it. */
  read(token: string): ReportLink | undefined {
    if (!tokenPattern.test(token)) return undefined;
    const bytes = Buffer.from(token, 'base64url');
    const content = bytes.subarray(0, idBytes + secondsBytes);
    if (signedBy(this.config, purpose, content, bytes.subarray(content.length)) === undefined) return undefined;
    return {
      mailId: content.toString('hex', 0, idBytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
      expiresAt: new Date(content.readUIntBE(idBytes, secondsBytes) * 1000),
    };
  }
}
