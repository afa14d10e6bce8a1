import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Config } from '../../platform/settings/config.js';
import { sign } from '../../platform/signing.js';

const purpose = 'sign-in-link';

/** 48 bytes make exactly 64 characters: the id of the link and its signature. */
export const linkTokenPattern = /^[A-Za-z0-9_-]{64}$/;

/** 256 random bits: the token of a session, and the secret by which a browser is known again. */
export const secretPattern = /^[A-Za-z0-9_-]{43}$/;

export const newSecret = (): string => randomBytes(32).toString('base64url');

/**
 * Makes the tokens of links. A token follows from the link's id and the secret key, so the mail that carries it can be written from the id:
 * neither the facts of the mail nor the table of links contain the token.
 */
@Injectable()
export class LinkTokens {
  constructor(private readonly config: Config) {}

  tokenOf(linkId: string): string {
    const id = Buffer.from(linkId.replaceAll('-', ''), 'hex');
    return Buffer.concat([id, sign(this.config.secretKey, purpose, id)]).toString('base64url');
  }
}
