import { Get, Param, Post, Query } from '@nestjs/common';
import { IsIn, IsOptional } from 'class-validator';
import { roles, type Role } from '../../domain/access.js';
import { languages, type Language } from '../../domain/language.js';
import type { Refusal } from '../../domain/refusal.js';
import { TokenService } from '../../features/people/token.service.js';
import { UserService } from '../../features/people/user.service.js';
import { InvitationService } from '../../features/sign-in/invitation.service.js';
import { SessionService } from '../../features/sign-in/session.service.js';
import { HandOverService } from '../../features/subscriptions/hand-over.service.js';
import type { Transaction } from '../../platform/database/transaction.js';
import {
  IsEmailAddress,
  IsId,
  IsName,
  IsText,
  IsTimeZone,
  QueryBoolean,
  QueryInt,
} from '../../platform/http/fields.js';
import { PageQuery } from '../../platform/http/paging.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import type { Form } from '../../platform/pages/form.js';
import { Typed } from '../../platform/pages/page.decorators.js';
import { say } from '../../platform/sentences.js';
import type { FormSteps, PageReader, Redirect, ShownPage } from '../page/console-page.js';
import { ConsoleController, ConsolePage, Reader } from '../page/console.decorators.js';
import { accessWords } from '../profile/access.words.js';
import { NewTokenForm } from '../profile/new-token.form.js';
import { wellFormed } from '../page/well-formed.js';
import { colleaguePage, newUserPage, peoplePage, type ColleagueForm } from './people.page.js';
import { PeopleService } from './people.service.js';
import { peopleWords } from './people.words.js';

class PeopleQuery extends PageQuery {
  @IsOptional()
  @IsText({ max: 200 })
  search?: string;
}

class NewUserQuery {
  /** The customer of the new user. */
  @IsOptional()
  @IsId()
  customerId?: string;
}

class AccountForm {
  @IsName({ max: 200 })
  name!: string;

  @IsEmailAddress()
  email!: string;

  @IsIn(roles)
  role!: Role;

  @IsOptional()
  @IsId()
  customerId?: string;
}

class NewUserForm extends AccountForm {
  @IsOptional()
  @IsIn(languages)
  locale?: Language;

  @IsOptional()
  @IsTimeZone()
  timeZone?: string;

  @IsOptional()
  @QueryBoolean()
  invite?: boolean;
}

class UserChangeForm extends AccountForm {
  @QueryInt()
  version!: number;

  @IsOptional()
  @QueryBoolean()
  active?: boolean;
}

class HandOverForm {
  @IsId()
  toUserId!: string;
}

const page = '/console/people';
const pathOf = (id: string): string => `${page}/${id}`;

/** Users, their invitations, sessions and tokens, for administrators. */
@ConsoleController('people')
export class PeopleController {
  constructor(
    private readonly people: PeopleService,
    private readonly users: UserService,
    private readonly invitations: InvitationService,
    private readonly sessions: SessionService,
    private readonly tokens: TokenService,
    private readonly handOvers: HandOverService,
  ) {}

  @Get()
  @ConsolePage('users.manage')
  async list(@Tx() tx: Transaction, @Reader() reader: PageReader, @Query() query: PeopleQuery): Promise<ShownPage> {
    return peoplePage(await this.people.list(tx, query), query.search, reader);
  }

  @Get('new')
  @ConsolePage('users.manage')
  async showNew(
    @Tx() tx: Transaction,
    @Reader() reader: PageReader,
    @Query() { customerId }: NewUserQuery,
  ): Promise<ShownPage> {
    return newUserPage(await this.people.customerChoices(tx, reader.actor), reader, undefined, customerId);
  }

  @Post()
  @ConsolePage('users.manage')
  enter(@Reader() reader: PageReader, @Typed(NewUserForm) form: Form<NewUserForm>): FormSteps {
    const { actor, language } = reader;
    return {
      act: async (tx) => {
        const { invite = false, ...fields } = wellFormed(form);
        const { id, name } = await this.users.enter(tx, fields);
        if (invite) await this.invitations.invite(tx, actor, id, language);
        const words = peopleWords[language];
        return { to: pathOf(id), said: say(invite ? words.enteredInvited : words.entered, language, { name }) };
      },
      again: async (tx, refusal) =>
        newUserPage(await this.people.customerChoices(tx, actor), reader, { typed: form.typed, refusal }),
    };
  }

  @Get(':id')
  @ConsolePage('users.manage')
  async show(@Tx() tx: Transaction, @Reader() reader: PageReader, @Param('id') id: string): Promise<ShownPage> {
    return colleaguePage(await this.people.read(tx, reader.actor, id), reader);
  }

  @Post(':id')
  @ConsolePage('users.manage')
  change(
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Typed(UserChangeForm) form: Form<UserChangeForm>,
  ): FormSteps {
    return this.#steps(reader, id, { name: 'account', form }, async (tx) => {
      const { version, customerId = null, active = false, ...fields } = wellFormed(form);
      await this.users.change(tx, reader.actor, id, version, { ...fields, customerId, active });
      return { to: pathOf(id), said: peopleWords[reader.language].saved };
    });
  }

  @Post(':id/invitation')
  @ConsolePage('users.manage')
  invite(@Reader() reader: PageReader, @Param('id') id: string): FormSteps {
    const { actor, language } = reader;
    return this.#steps(reader, id, {}, async (tx) => {
      const { name } = await this.users.read(tx, id);
      const { email } = await this.invitations.invite(tx, actor, id, language);
      return { to: pathOf(id), said: say(peopleWords[language].inviteSent, language, { name, email }) };
    });
  }

  @Post(':id/sessions/end')
  @ConsolePage('sessions.others')
  endSessions(@Reader() reader: PageReader, @Param('id') id: string): FormSteps {
    const { actor, language, sessionId } = reader;
    return this.#steps(reader, id, {}, async (tx) => {
      const count = await this.sessions.endAll(tx, actor, id, sessionId);
      return { to: `${pathOf(id)}#sessions`, said: say(accessWords[language].endedAll, language, { count }) };
    });
  }

  @Post(':id/sessions/:sessionId/end')
  @ConsolePage('sessions.others')
  endSession(@Reader() reader: PageReader, @Param('id') id: string, @Param('sessionId') sessionId: string): FormSteps {
    return this.#steps(reader, id, {}, async (tx) => {
      await this.sessions.end(tx, reader.actor, sessionId);
      return { to: `${pathOf(id)}#sessions`, said: accessWords[reader.language].ended };
    });
  }

  /** The answer is the page with the token, and no redirect: a token is shown once and stored nowhere. */
  @Post(':id/tokens')
  @ConsolePage('tokens.others')
  createToken(
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Typed(NewTokenForm) form: Form<NewTokenForm>,
  ): FormSteps {
    const { actor } = reader;
    return {
      act: async (tx) => {
        const { key, tokenName: name, expiresOn } = wellFormed(form);
        const created = await this.tokens.give(tx, actor, id, { name, expiresOn }, key);
        return colleaguePage(await this.people.read(tx, actor, id), reader, { created });
      },
      again: (tx, refusal) => this.#again(tx, reader, id, { name: 'tokens', form }, refusal),
    };
  }

  @Post(':id/tokens/:tokenId/revocation')
  @ConsolePage('tokens.others')
  revokeToken(@Reader() reader: PageReader, @Param('id') id: string, @Param('tokenId') tokenId: string): FormSteps {
    return this.#steps(reader, id, {}, async (tx) => {
      await this.tokens.revoke(tx, reader.actor, tokenId);
      return { to: `${pathOf(id)}#tokens`, said: accessWords[reader.language].revoked };
    });
  }

  @Post(':id/hand-over')
  @ConsolePage('portfolios.hand-over')
  handOver(
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Typed(HandOverForm) form: Form<HandOverForm>,
  ): FormSteps {
    const { actor, language } = reader;
    return this.#steps(reader, id, { name: 'hand-over', form }, async (tx) => {
      const { toUserId } = wellFormed(form);
      const { subscriptions } = await this.handOvers.handOver(tx, actor, id, { toUserId }, false);
      const { name } = await this.users.read(tx, toUserId);
      const said = say(peopleWords[language].handedOver, language, { count: subscriptions.length, name });
      return { to: `${pathOf(id)}#hand-over`, said };
    });
  }

  #steps(
    reader: PageReader,
    id: string,
    shown: { name?: ColleagueForm; form?: Form<object> },
    act: (tx: Transaction) => Promise<Redirect>,
  ): FormSteps {
    return { act, again: (tx, refusal) => this.#again(tx, reader, id, shown, refusal) };
  }

  async #again(
    tx: Transaction,
    reader: PageReader,
    id: string,
    { name, form }: { name?: ColleagueForm; form?: Form<object> },
    refusal: Refusal,
  ): Promise<ShownPage> {
    const refused = { name, typed: form?.typed ?? {}, refusal };
    return colleaguePage(await this.people.read(tx, reader.actor, id), reader, { refused });
  }
}
