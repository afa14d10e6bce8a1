import { Injectable } from '@nestjs/common';
import { Config } from '../../platform/settings/config.js';
import { sign, signedBy } from '../../platform/signing.js';

/** What a link to a report is for. Nothing of it can be read from the link: it names the mail that it came in. */
export interface ReportLink {
  mailId: string;
  /** From then on it is dead. */
  expiresAt: Date;
}

const idBytes = 16;
const secondsBytes = 6;
const purpose = 'report-link';

/** 54 bytes are 72 characters without spare bits, so that each link has one spelling and no other. */
const tokenPattern = /^[A-Za-z0-9_-]{72}$/;

/** The links to reports that are too large for a mail: signed, for one mail and so for one recipient, until a moment. */
@Injectable()
export class ReportLinks {
  constructor(private readonly config: Config) {}

  /** To the second. */
  linkFor({ mailId, expiresAt }: ReportLink): string {
    const content = Buffer.alloc(idBytes + secondsBytes);
    content.write(mailId.replaceAll('-', ''), 'hex');
    content.writeUIntBE(Math.floor(expiresAt.getTime() / 1000), idBytes, secondsBytes);
    const token = Buffer.concat([content, sign(this.config.secretKey, purpose, content)]).toString('base64url');
    return `${this.config.publicUrl}/reports/${token}`;
  }

  /** The address of a page as its own links name it: they stay on whatever host it was asked from. */
  pathOf(token: string): string {
    return `${new URL(this.config.publicUrl).pathname.replace(/\/$/, '')}/reports/${token}`;
  }

  /** Undefined for what this service has not signed. */
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
