import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Config } from '../../platform/config.js';

/** What a personal link is for. The address itself is not in it: links travel through logs and histories of others. */
export interface DeclineLink {
  termId: string;
  /** Whether the link was made for this address; capitals make no difference. */
  isFor(address: string): boolean;
}

const termBytes = 16;
const contactBytes = 12;
const signatureBytes = 32;

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
    const content = Buffer.concat([Buffer.from(termId.replaceAll('-', ''), 'hex'), this.#contact(address)]);
    const token = Buffer.concat([content, this.#signature(content)]).toString('base64url');
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
    if (!timingSafeEqual(bytes.subarray(content.length), this.#signature(content))) return undefined;
    const contact = content.subarray(termBytes);
    return {
      termId: content.toString('hex', 0, termBytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
      isFor: (address) => timingSafeEqual(contact, this.#contact(address)),
    };
  }

  #contact(address: string): Buffer {
    return this.#hmac('decline-contact', Buffer.from(address.toLowerCase())).subarray(0, contactBytes);
  }

  #signature(content: Buffer): Buffer {
    return this.#hmac('decline-link', content).subarray(0, signatureBytes);
  }

  /** The purpose goes in first, so that nothing signed with this key for one purpose holds for another. */
  #hmac(purpose: string, content: Buffer): Buffer {
    return createHmac('sha256', this.config.secretKey).update(`${purpose}\0`).update(content).digest();
  }
}
