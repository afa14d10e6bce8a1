import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { linkFault, linkLifeMs, linkWindowMs, mayGetLink, type LinkFault } from '../../domain/sign-in-link.js';
import type { Language } from '../../domain/language.js';
import { Refusal } from '../../domain/refusal.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { AccessTokens, tokenHash } from '../../platform/http/access-tokens.js';
import { newId } from '../../platform/ids.js';
import { MailQueue } from '../../platform/mail/mail-queue.js';
import type { Visitor } from '../../platform/pages/page.decorators.js';
import type { UserAnswer } from '../people/people.dto.js';
import { UserService } from '../people/user.service.js';
import { SessionService } from './session.service.js';
import { SignInLinkStore, type SignInLink } from './sign-in-link.store.js';
import { linkTokenPattern, LinkTokens } from './sign-in-secrets.js';
import { signInLinkKind, type SignInLinkFacts } from './sign-in.mail.js';

/** What somebody typed on the sign-in page. */
export interface LinkRequest {
  email: string;
  /** The secret of the browser, from its cookie. */
  browser: string;
  /** The language of the page, for a user without a language. */
  language: Language;
  /** The page of the console to which the link leads. */
  returnTo: string | null;
}

/** The browser that signs in. */
export interface SignInBrowser {
  visitor: Visitor;
  /** The secret of the browser, from its cookie. */
  browser: string | undefined;
  /** The token of the session that the browser has at this moment. It ends. */
  presented: string | undefined;
}

/** A link, as the page behind it shows it. */
export type SeenLink =
  { kind: SignInLink['kind']; userName: string; fault: undefined } | { fault: LinkFault | 'unknown' };

/** Requests that wait for the database. More are refused. */
const mostWaiting = 200;

/** The refusal of each fault. */
export const refusalOfFault = {
  unknown: 'sign-in-link-not-valid',
  used: 'sign-in-link-used',
  expired: 'sign-in-link-expired',
  'other-browser': 'sign-in-link-of-other-browser',
} as const satisfies Record<LinkFault | 'unknown', string>;

/** Signs users in to the console: with a link in a mail, or with an API token (§13). */
@Injectable()
export class SignInService implements BeforeApplicationShutdown {
  readonly #logger = new Logger('SignIn');
  readonly #waiting: LinkRequest[] = [];
  #running: Promise<void> | undefined;

  constructor(
    private readonly users: UserService,
    private readonly sessions: SessionService,
    private readonly links: SignInLinkStore,
    private readonly linkTokens: LinkTokens,
    private readonly accessTokens: AccessTokens,
    private readonly mails: MailQueue,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Mails a link, if the address is that of an active user who did not get too many links. It returns before anything is looked up: so
   * neither the answer nor its time shows whether the address is known.
   * @throws Refusal `overloaded` if too many requests wait, whatever the address
   */
  askForLink(request: LinkRequest): void {
    if (this.#waiting.length >= mostWaiting) throw new Refusal('overloaded', {}, { retryAfterSeconds: 5 });
    this.#waiting.push(request);
    this.#running ??= this.#sendAll().finally(() => (this.#running = undefined));
  }

  /** Links that were asked for are still sent. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.#running;
  }

  /** What the page behind a link shows. Looking changes nothing. */
  async look(tx: Transaction, token: string, browser: string | undefined): Promise<SeenLink> {
    const link = linkTokenPattern.test(token) ? await this.links.find(tx, tokenHash(token)) : undefined;
    const user = link && (await this.users.find(tx, link.userId));
    if (!link || !user?.active) return { fault: 'unknown' };
    const fault = linkFault({ ...link, isSameBrowser: isSameBrowser(link, browser) }, this.clock.now());
    return fault === undefined ? { kind: link.kind, userName: user.name, fault } : { fault };
  }

  /**
   * Signs in with a link, which then is used.
   * @returns the token of the session
   * @throws Refusal `sign-in-link-not-valid`, `sign-in-link-used`, `sign-in-link-expired`, `sign-in-link-of-other-browser`
   */
  async useLink(tx: Transaction, token: string, { visitor, browser, presented }: SignInBrowser): Promise<string> {
    const now = this.clock.now();
    const link = linkTokenPattern.test(token) ? await this.links.lock(tx, tokenHash(token)) : undefined;
    if (!link) throw new Refusal(refusalOfFault.unknown);
    const fault = linkFault({ ...link, isSameBrowser: isSameBrowser(link, browser) }, now);
    if (fault !== undefined) throw new Refusal(refusalOfFault[fault]);
    if (!(await this.users.holdActive(tx, link.userId))) throw new Refusal(refusalOfFault.unknown);
    await this.links.use(tx, link.id, now);
    const openedWith = link.kind === 'invitation' ? 'invitation' : 'link';
    return this.sessions.open(tx, link.userId, { openedWith, visitor, presented });
  }

  /**
   * Signs in with an API token, for users without a mailbox: the first administrator.
   * @returns the token of the session
   * @throws Refusal `sign-in-token-not-valid`
   */
  async useToken(apiToken: string, { visitor, presented }: Omit<SignInBrowser, 'browser'>): Promise<string> {
    const actor = await this.accessTokens.find(apiToken);
    if (!actor) throw new Refusal('sign-in-token-not-valid');
    return this.database.write(async (tx) => {
      if (!(await this.users.holdActive(tx, actor.userId))) throw new Refusal('sign-in-token-not-valid');
      return this.sessions.open(tx, actor.userId, { openedWith: 'token', visitor, presented });
    });
  }

  async #sendAll(): Promise<void> {
    for (let request = this.#waiting.shift(); request; request = this.#waiting.shift()) {
      try {
        await this.database.write((tx) => this.#send(tx, request));
      } catch (error) {
        this.#logger.error('A link to sign in could not be sent', error instanceof Error ? error.stack : error);
      }
    }
  }

  async #send(tx: Transaction, { email, browser, language, returnTo }: LinkRequest): Promise<void> {
    const user = await this.users.activeWithEmail(tx, email);
    if (!user) return;
    await this.links.lockRequests(tx, user.id);
    // Under this lock, a deactivation at the same time waits, and then forgets this link.
    if (!(await this.users.holdActive(tx, user.id))) return;
    const now = this.clock.now();
    const sent = await this.links.sentSince(tx, user.id, new Date(now.getTime() - linkWindowMs));
    if (!mayGetLink(sent, now)) {
      this.#logger.warn(`User ${user.id} asked for too many links to sign in`);
      return;
    }
    const id = newId();
    const expiresAt = new Date(now.getTime() + linkLifeMs['sign-in']);
    await this.links.insert(tx, {
      id,
      userId: user.id,
      kind: 'sign-in',
      tokenHash: tokenHash(this.linkTokens.tokenOf(id)),
      browserHash: tokenHash(browser),
      invitedBy: null,
      createdAt: now,
      expiresAt,
    });
    await this.mails.queueUrgent(tx, letter(user, { id, language, returnTo, expiresAt }), now);
  }
}

const isSameBrowser = ({ browserHash }: SignInLink, browser: string | undefined): boolean =>
  browserHash === null || (browser !== undefined && tokenHash(browser).equals(browserHash));

function letter(
  { id: userId, name, email, locale }: UserAnswer,
  {
    id,
    language,
    returnTo,
    expiresAt,
  }: Pick<LinkRequest, 'language' | 'returnTo'> & Pick<SignInLink, 'id' | 'expiresAt'>,
) {
  return {
    kind: signInLinkKind,
    userId,
    occasion: id,
    recipientRole: 'user' as const,
    recipientName: name,
    recipientAddress: email,
    locale: locale ?? language,
    facts: { linkId: id, returnTo } satisfies SignInLinkFacts,
    validUntil: expiresAt,
  };
}
