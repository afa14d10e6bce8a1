import { Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { Refusal, statusOf } from '../../domain/refusal.js';
import { SessionService } from '../../features/sign-in/session.service.js';
import { newSecret, secretPattern } from '../../features/sign-in/sign-in-secrets.js';
import { refusalOfFault, SignInService } from '../../features/sign-in/sign-in.service.js';
import { refusalOf } from '../../platform/database/database-errors.js';
import { Database } from '../../platform/database/database.js';
import { BrowserSessions } from '../../platform/http/browser-sessions.js';
import { IsEmailAddress } from '../../platform/http/fields.js';
import { clearSessionCookie } from '../../platform/http/session-cookie.js';
import type { Form } from '../../platform/pages/form.js';
import { WebPageQuery } from '../../platform/pages/page-query.js';
import { Typed } from '../../platform/pages/page.decorators.js';
import { Config } from '../../platform/settings/config.js';
import type { FormSteps, PageReader } from '../page/console-page.js';
import { ConsolePage, Reader } from '../page/console.decorators.js';
import { RefusalPage } from '../parts/refusal.js';
import { DoorPage, Visit, type DoorResult, type DoorVisit } from './door.js';
import { faultyLinkPage, invitationPage, linkSentPage, signInPage } from './sign-in.page.js';
import { signInWords } from './sign-in.words.js';

/** Any page to return to is read; one that is not ours leads nowhere. */
class DoorQuery extends WebPageQuery {
  @IsOptional()
  to?: unknown;
}

class LinkForm {
  @IsEmailAddress()
  email!: string;
}

class AccessTokenForm {
  @IsString()
  @MaxLength(1_024)
  token!: string;
}

const home = '/console';

/** Signing in and out. */
@ApiExcludeController()
@Controller('console')
export class SignInController {
  constructor(
    private readonly signIns: SignInService,
    private readonly sessions: SessionService,
    private readonly browserSessions: BrowserSessions,
    private readonly database: Database,
    private readonly config: Config,
  ) {}

  @Get('sign-in')
  @DoorPage()
  async showSignIn(@Visit() visit: DoorVisit, @Query() _query: DoorQuery): Promise<DoorResult> {
    const { presented, returnTo = home } = visit;
    const isSignedIn = presented !== undefined && (await this.browserSessions.find(presented)) !== undefined;
    return isSignedIn ? { to: returnTo } : signInPage(visit);
  }

  /** The answer is a redirect, so that loading the page again sends no further link. */
  @Post('sign-in')
  @DoorPage()
  askForLink(
    @Visit() visit: DoorVisit,
    @Query() _query: DoorQuery,
    @Typed(LinkForm) { typed, checked }: Form<LinkForm>,
  ): DoorResult {
    if ('errors' in checked) return { ...signInPage(visit, { email: { typed, errors: checked.errors } }), status: 400 };
    const { language, returnTo = null, query } = visit;
    // A browser that asks twice can use either link.
    const browser = visit.browser !== undefined && secretPattern.test(visit.browser) ? visit.browser : newSecret();
    this.signIns.askForLink({ email: checked.value.email, browser, language, returnTo });
    return { to: `/console/sign-in/sent${query}`, browser };
  }

  @Get('sign-in/sent')
  @DoorPage()
  showSent(@Visit() visit: DoorVisit, @Query() _query: DoorQuery): DoorResult {
    return linkSentPage(visit, this.config.mail === 'files');
  }

  @Post('sign-in/access-token')
  @DoorPage()
  async useToken(
    @Visit() visit: DoorVisit,
    @Query() _query: DoorQuery,
    @Typed(AccessTokenForm) { checked }: Form<AccessTokenForm>,
  ): Promise<DoorResult> {
    try {
      if ('errors' in checked) throw new Refusal('sign-in-token-not-valid');
      return { to: visit.returnTo ?? home, opened: await this.signIns.useToken(checked.value.token, visit) };
    } catch (error) {
      const refusal = readable(error);
      return { ...signInPage(visit, { token: { refusal } }), status: statusOf(refusal.code) };
    }
  }

  /** A link signs in at once, because only the browser that asked for it can use it. An invitation shows a button. */
  @Get('sign-in/:token')
  @DoorPage()
  async openLink(
    @Visit() visit: DoorVisit,
    @Query() _query: DoorQuery,
    @Param('token') token: string,
  ): Promise<DoorResult> {
    const link = await this.database.read((tx) => this.signIns.look(tx, token, visit.browser));
    if (link.fault !== undefined) return refused(visit, new Refusal(refusalOfFault[link.fault]));
    if (link.kind === 'invitation' || visit.looksAhead) return invitationPage(visit, token, link);
    return this.#useLink(visit, token);
  }

  @Post('sign-in/:token')
  @DoorPage()
  useLink(@Visit() visit: DoorVisit, @Query() _query: DoorQuery, @Param('token') token: string): Promise<DoorResult> {
    return this.#useLink(visit, token);
  }

  @Post('sign-out')
  @ConsolePage('me.read')
  signOut(@Reader() reader: PageReader, @Res({ passthrough: true }) reply: FastifyReply): FormSteps {
    return {
      act: async (tx) => {
        await this.sessions.end(tx, reader.actor, reader.sessionId);
        clearSessionCookie(reply, this.config.publicUrl);
        const { language } = reader;
        return { to: `/console/sign-in?lang=${language}`, said: signInWords[language].signedOut };
      },
      again: (_tx, refusal) => Promise.resolve(RefusalPage({ refusal, reader })),
    };
  }

  async #useLink(visit: DoorVisit, token: string): Promise<DoorResult> {
    try {
      const opened = await this.database.write((tx) => this.signIns.useLink(tx, token, visit));
      return { to: visit.returnTo ?? home, opened };
    } catch (error) {
      return refused(visit, readable(error));
    }
  }
}

const refused = (visit: DoorVisit, refusal: Refusal): DoorResult => ({
  ...faultyLinkPage(visit, refusal),
  status: statusOf(refusal.code),
});

/** A refusal that the page explains. Everything else is a failure of the service. */
function readable(error: unknown): Refusal {
  const refusal = refusalOf(error);
  if (!refusal || refusal.retryAfterSeconds !== undefined) throw error;
  return refusal;
}
