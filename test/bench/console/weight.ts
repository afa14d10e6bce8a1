import { posix } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { Visitor, WireAnswer } from './visitor.js';

/** What a page weighs when nothing is in the browser's cache, compressed. */
export interface Weight {
  pageBytes: number;
  /** The style sheet, the icon, and the scripts with all that they import. */
  assetBytes: number;
}

/** Loads a page and everything that it names. */
export async function weightOf(visitor: Visitor, path: string): Promise<Weight> {
  const page = await visitor.get(path);
  const open = [...textOf(page).matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, asset]) => asset!);
  const seen = new Set<string>();
  let assetBytes = 0;
  for (let asset = open.pop(); asset !== undefined; asset = open.pop()) {
    if (seen.has(asset)) continue;
    seen.add(asset);
    const answer = await visitor.get(asset);
    if (answer.status !== 200) throw new Error(`${asset}: ${answer.status}`);
    assetBytes += answer.bytes;
    if (!asset.endsWith('.js')) continue;
    for (const [, name] of textOf(answer).matchAll(/(?:from|import)\s*['"](\.[^'"]+)['"]/g)) {
      open.push(posix.join(posix.dirname(asset), name!));
    }
  }
  return { pageBytes: page.bytes, assetBytes };
}

function textOf({ body, encoding }: WireAnswer): string {
  if (encoding === 'br') return brotliDecompressSync(body).toString();
  return (encoding === 'gzip' ? gunzipSync(body) : body).toString();
}
