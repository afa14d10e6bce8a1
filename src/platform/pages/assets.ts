import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { projectPath } from '../project-root.js';

const folder = projectPath('dist', 'browser');

let version: string | undefined;

/** The path of the service's own address: behind a proxy, the service may stand below a path. */
let publicPath = '';

/**
 * The address of a file that pages load, e.g. `assets/…/trm.css`. It contains a hash of all files, so a browser keeps a file for ever
 * and still gets a new one after an upgrade. Scripts import each other by relative addresses, so they share the hash.
 */
export const assetPath = (name: string): string => `${publicPath}${prefix()}${name}`;

/** Serves the files that `npm run build` wrote, compressed where the browser accepts it. */
export async function serveAssets(fastify: FastifyInstance, publicUrl: string): Promise<void> {
  publicPath = new URL(publicUrl).pathname.replace(/\/$/, '');
  await fastify.register(fastifyStatic, {
    root: folder,
    prefix: prefix(),
    decorateReply: false,
    index: false,
    preCompressed: true,
    immutable: true,
    maxAge: '365d',
  });
}

/** Whether the address is one of an asset. */
export const isAssetPath = (url: string): boolean => url.startsWith('/assets/');

const prefix = (): string => `/assets/${(version ??= hashOfFiles())}/`;

function hashOfFiles(): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(folder).sort()) {
    if (/\.(br|gz)$/.test(name)) continue;
    hash.update(`${name}\0`).update(readFileSync(join(folder, name)));
  }
  return hash.digest('base64url').slice(0, 16);
}
