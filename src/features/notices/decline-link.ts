import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Config } from '../../platform/settings/config.js';
import { sign, signedBy } from '../../platform/signing.js';

/** What a personal link is for. The address itself is not in it: links travel through logs and histories of others. */
export interface DeclineLink {
  termId: string;
  /** Whether the link was made for this address; capitals make no difference. */
  isFor(address: string): boolean;
}

const termBytes = 16;
const contactBytes = 12;
const purpose = 'decline-link';

/** 60 bytes are 80 characters without spare bits, so that each link has one spelling and no other. */
const tokenPattern = /^[A-Za-z0-9_-]{80}$/;

/**
 * The personal links by which a renewal contact may give notice (§11): signed, for one term and one contact, the same in
 * every reminder. Whether the term still runs and the contact is still one is for whoever opens the link to ask.
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

  /** The address of a page as its own forms and links name it: they stay on whatever host it was asked from. */
  pathOf(token: string): string {
    return `${new URL(this.config.publicUrl).pathname.replace(/\/$/, '')}/decline/${token}`;
  }

  /** Undefined for what this service has not signed. */
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
