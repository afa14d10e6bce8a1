import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Config } from './settings/config.js';

/** The key that signs new links, and the one whose links are still good. */
export type SecretKeys = Pick<Config, 'secretKey' | 'previousSecretKey'>;

/** Signs content with a key. The purpose goes in first, so that nothing signed for one purpose holds for another. */
export const sign = (key: string, purpose: string, content: Buffer): Buffer =>
  createHmac('sha256', key).update(`${purpose}\0`).update(content).digest();

/** The key that signed this content; undefined where none of ours did. */
export function signedBy(
  { secretKey, previousSecretKey }: SecretKeys,
  purpose: string,
  content: Buffer,
  signature: Buffer,
): string | undefined {
  const keys = previousSecretKey === undefined ? [secretKey] : [secretKey, previousSecretKey];
  return keys.find((key) => timingSafeEqual(signature, sign(key, purpose, content)));
}
