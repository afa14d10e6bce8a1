import { randomBytes } from 'node:crypto';
import type { Config } from '../../platform/settings/config.js';
import { sign, signedBy } from '../../platform/signing.js';

const purpose = 'console-form';
const nonceBytes = 12;

/**
 * A token for the forms of one session. It begins with random bytes, so it differs on each page: an attacker who can measure the size of
 * compressed pages cannot guess it piece by piece.
 */
export function csrfToken({ secretKey }: Pick<Config, 'secretKey'>, sessionId: string): string {
  const nonce = randomBytes(nonceBytes);
  return Buffer.concat([nonce, sign(secretKey, purpose, contentOf(nonce, sessionId))]).toString('base64url');
}

/** Whether a page of this session contained the form. */
export function isCsrfToken(
  keys: Pick<Config, 'secretKey' | 'previousSecretKey'>,
  sessionId: string,
  token: unknown,
): boolean {
  if (typeof token !== 'string') return false;
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.length !== nonceBytes + 32) return false;
  const nonce = bytes.subarray(0, nonceBytes);
  return signedBy(keys, purpose, contentOf(nonce, sessionId), bytes.subarray(nonceBytes)) !== undefined;
}

const contentOf = (nonce: Buffer, sessionId: string): Buffer => Buffer.concat([nonce, Buffer.from(sessionId)]);
