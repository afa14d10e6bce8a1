import type { FastifyReply } from 'fastify';
import type { Transaction } from '../database/transaction.js';
import type { Language } from '../../domain/language.js';

/** A page for a browser. */
export interface PageAnswer {
  html: JSX.Element;
  language: Language;
  /** Default: 200. */
  status?: number;
}

/** Writes a page from one snapshot, after the changes of the request are committed. */
export type Rendering = (tx: Transaction) => Promise<PageAnswer>;

/** Whether an address is a page for people, so that its errors are pages too and not JSON. */
export const isPagePath = (path: string): boolean => /^\/(decline|reports|console)?(\/|$)/.test(path);

/** Whether an address belongs to the console, whose pages know their reader by a cookie. */
export const isConsolePath = (path: string): boolean => /^\/console(\/|$)/.test(path);

/**
 * A page loads its style sheet from the service and nothing else: no scripts, pictures or other files. Its address can be a secret, so
 * caches do not store it, search engines do not index it, and browsers send it to no other site.
 */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex, nofollow',
  'cache-control': 'no-store',
};

/**
 * A page of the console loads its style sheet, scripts and pictures from the service alone, and runs nothing that stands in the page. It
 * tells its own forms where they were sent from.
 */
export const consoleHeaders: Readonly<Record<string, string>> = {
  ...pageHeaders,
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'same-origin',
};

/** Sets the headers of a page and returns its text. */
export async function pageText(
  reply: FastifyReply,
  { html, language, status = 200 }: PageAnswer,
  headers = pageHeaders,
): Promise<string> {
  const text = await html;
  void reply.status(status).headers(headers).header('content-language', language).type('text/html; charset=utf-8');
  return text;
}
