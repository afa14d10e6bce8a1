import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import type { Transaction } from '../database/database.js';
import type { Language } from '../../domain/language.js';
import { style } from './style.js';

/** A page as it goes to a browser. */
export interface PageAnswer {
  html: JSX.Element;
  language: Language;
  /** 200 where it is left out. */
  status?: number;
}

/** Writes a page from one snapshot, after what the request did is committed. */
export type Rendering = (tx: Transaction) => Promise<PageAnswer>;

/** Whether an address is one of a page, so that people see what happens there, and not programs. */
export const isPagePath = (path: string): boolean => /^\/(decline|reports)(\/|$)/.test(path);

const styleHash = createHash('sha256').update(style).digest('base64');

/**
 * A page brings its style and nothing else: no script, no picture, nothing from elsewhere. Its address may be a secret, so
 * it is kept by no cache, found by no search engine and told to no other site.
 */
export const pageHeaders = {
  'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex, nofollow',
  'cache-control': 'no-store',
};

/** The text of a page that is to be sent; its headers are set. */
export async function pageText(reply: FastifyReply, { html, language, status = 200 }: PageAnswer): Promise<string> {
  const text = await html;
  void reply.status(status).headers(pageHeaders).header('content-language', language).type('text/html; charset=utf-8');
  return text;
}
