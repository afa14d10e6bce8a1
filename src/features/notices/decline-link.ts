import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Config } from '../../platform/settings/config.js';
import { sign, signedBy } from '../../platform/signing.js';

/**
 * The term and the contact of a personal link. It does not contain the mail address, because links appear in logs and
 * browser histories.
 */
export interface DeclineLink {
  termId: string;
  /** Whether the link was made for this address, ignoring case. */
  isFor(address: string): boolean;
}

const termBytes = 16;
const contactBytes = 12;
const purpose = 'decline-link';

/** 60 bytes make exactly 80 characters without unused bits, so each link has only one valid spelling. */
const tokenPattern = /^[A-Za-z0-9_-]{80}$/;

/**
 * Personal links, with which a renewal contact can give notice (§11). A link is signed for one term and one contact,
 * and is the same in every reminder. The caller checks that the term is still open and the contact still exists.
 */
@Injectable()
export class DeclineLinks {
  constructor(private readonly config: Config) {}

  linkFor({ termId, address }: { termId: string; address: string }): string {
    const { secretKey } = this.config;
    const content = Buffer.concat([Buffer.from(termId.replaceAll('-', ''), 'hex'), contactOf(secretKey, address)]);
    const token = Buffer.concat([content, sign(secretKey, purpose, content)]).toString('base64url');
    return `${this.config.publicUrl}/decline/${token}`;
  }

  /** The path of a page, for its own forms and links: they stay on the host of the request. */
  pathOf(token: string): string {
    return `${new URL(this.config.publicUrl).pathname.replace(/\/$/, '')}/decline/${token}`;
  }

  /** Undefined if this service has not signed the token. */
  read(token: string): DeclineLink | undefined {
    if (!tokenPattern.test(token)) return undefined;
    const bytes = Buffer.from(token, 'base64url');
    const content = bytes.subarray(0, termBytes + contactBytes);
    const key = signedBy(this.config, purpose, content, bytes.subarray(content.length));
    if (key === undefined) return undefined;
    const contact = content.subarray(termBytes);
    return {
      termId: content.toString('hex', 0, termBytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
      isFor: (address) => timingSafeEqual(contact, contactOf(key, address)),
    };
  }
}

const contactOf = (key: string, address: string): Buffer =>
  sign(key, 'decline-contact', Buffer.from(address.toLowerCase())).subarray(0, contactBytes);
