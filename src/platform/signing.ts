import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Config } from './settings/config.js';

/** The key that signs new links, and the previous key, whose links remain valid. */
export type SecretKeys = Pick<Config, 'secretKey' | 'previousSecretKey'>;

/** Signs content with a key. The signature includes the purpose, so that it is not valid for another purpose. */
export const sign = (key: string, purpose: string, content: Buffer): Buffer =>
  createHmac('sha256', key).update(`${purpose}\0`).update(content).digest();

/** Which of the keys signed this content; undefined if none did. */
export function signedBy(
  { secretKey, previousSecretKey }: SecretKeys,
  purpose: string,
  content: Buffer,
  signature: Buffer,
): string | undefined {
  const keys = previousSecretKey === undefined ? [secretKey] : [secretKey, previousSecretKey];
  return keys.find((key) => timingSafeEqual(signature, sign(key, purpose, content)));
}
