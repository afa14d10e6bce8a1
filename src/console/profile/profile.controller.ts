import { Get, Param, Post } from '@nestjs/common';
import { IsIn, IsOptional } from 'class-validator';
import type { Refusal } from '../../domain/refusal.js';
import { languages, type Language } from '../../domain/language.js';
import type { NewDeputy } from '../../features/people/deputy.dto.js';
import { DeputyService } from '../../features/people/deputy.service.js';
import { TokenService } from '../../features/people/token.service.js';
import { UserService } from '../../features/people/user.service.js';
import { SessionService } from '../../features/sign-in/session.service.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { IsDay, IsId, IsTimeZone, QueryBoolean, QueryInt } from '../../platform/http/fields.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import type { Form } from '../../platform/pages/form.js';
import { Typed } from '../../platform/pages/page.decorators.js';
import { say } from '../../platform/sentences.js';
import type { FormSteps, PageReader, Redirect, ShownPage } from '../page/console-page.js';
import { ConsoleController, ConsolePage, Reader } from '../page/console.decorators.js';
import { wellFormed } from '../page/well-formed.js';
import { dayText } from '../words/formats.js';
import { accessWords } from './access.words.js';
import { NewTokenForm } from './new-token.form.js';
import { getsNudges, profilePage, type ProfileForm } from './profile.page.js';
import { ProfileService } from './profile.service.js';
import { profileWords } from './profile.words.js';

class SettingsForm {
  @QueryInt()
  version!: number;

  @IsOptional()
  @IsIn(languages)
  locale?: Language;

  @IsOptional()
  @IsTimeZone()
  timeZone?: string;

  @IsOptional()
  @QueryBoolean()
  nudges?: boolean;

  @IsOptional()
  @QueryBoolean()
  shortcuts?: boolean;
}

class DeputyForm {
  @QueryInt()
  version!: number;

  @IsId()
  userId!: string;

  @IsDay()
  from!: string;

  @IsDay()
  to!: string;
}

const page = '/console/profile';

/** One's own account. */
@ConsoleController('profile')
export class ProfileController {
  constructor(
    private readonly profiles: ProfileService,
    private readonly users: UserService,
    private readonly deputies: DeputyService,
    private readonly sessions: SessionService,
    private readonly tokens: TokenService,
  ) {}

  @Get()
  @ConsolePage('me.read')
  async show(@Tx() tx: Transaction, @Reader() reader: PageReader): Promise<ShownPage> {
    return profilePage(await this.profiles.read(tx, reader), reader);
  }

  /** A field without a value means that nothing is chosen; an unchecked box is not sent. */
  @Post('settings')
  @ConsolePage('me.write')
  changeSettings(@Reader() reader: PageReader, @Typed(SettingsForm) form: Form<SettingsForm>): FormSteps {
    return this.#steps(reader, 'settings', form, async (tx) => {
      const { version, locale = null, timeZone = null, shortcuts = false, nudges = false } = wellFormed(form);
      const { actor } = reader;
      const change = { locale, timeZone, shortcuts, ...(getsNudges(reader) && { nudges }) };
      await this.users.change(tx, actor, actor.userId, version, change);
      return { to: page, said: profileWords[locale ?? reader.language].saved };
    });
  }

  @Post('deputies')
  @ConsolePage('deputies.manage')
  nameDeputy(@Reader() reader: PageReader, @Typed(DeputyForm) form: Form<DeputyForm>): FormSteps {
    return this.#steps(reader, 'deputies', form, async (tx) => {
      const { version, userId, from, to } = wellFormed(form);
      const { deputies } = await this.#named(tx, reader);
      const name = await this.#setDeputies(tx, reader, version, [...deputies, { userId, from, to }], userId);
      return this.#deputySaid(reader, 'deputyAdded', { name, from, to });
    });
  }

  @Post('deputies/removal')
  @ConsolePage('deputies.manage')
  removeDeputy(@Reader() reader: PageReader, @Typed(DeputyForm) form: Form<DeputyForm>): FormSteps {
    return this.#steps(reader, undefined, form, async (tx) => {
      const { version, userId, from, to } = wellFormed(form);
      const { deputies } = await this.#named(tx, reader);
      const others = deputies.filter((one) => one.userId !== userId || one.from !== from || one.to !== to);
      const name = await this.#setDeputies(tx, reader, version, others, userId);
      return this.#deputySaid(reader, 'deputyRemoved', { name, from, to });
    });
  }

  @Post('sessions/end')
  @ConsolePage('sessions.own')
  endOthers(@Reader() reader: PageReader): FormSteps {
    return this.#steps(reader, undefined, undefined, async (tx) => {
      const { actor, sessionId, language } = reader;
      const count = await this.sessions.endAll(tx, actor, actor.userId, sessionId);
      return { to: `${page}#sessions`, said: say(accessWords[language].endedAll, language, { count }) };
    });
  }

  @Post('sessions/:id/end')
  @ConsolePage('sessions.own')
  endSession(@Reader() reader: PageReader, @Param('id') id: string): FormSteps {
    return this.#steps(reader, undefined, undefined, async (tx) => {
      await this.sessions.end(tx, reader.actor, id);
      return { to: `${page}#sessions`, said: accessWords[reader.language].ended };
    });
  }

  /** The answer is the page with the token, and no redirect: a token is shown once and stored nowhere. */
  @Post('tokens')
  @ConsolePage('tokens.own')
  createToken(@Reader() reader: PageReader, @Typed(NewTokenForm) form: Form<NewTokenForm>): FormSteps {
    return {
      act: async (tx) => {
        const { key, tokenName: name, expiresOn } = wellFormed(form);
        const { actor } = reader;
        const created = await this.tokens.give(tx, actor, actor.userId, { name, expiresOn }, key);
        return profilePage(await this.profiles.read(tx, reader), reader, { created });
      },
      again: (tx, refusal) => this.#again(tx, reader, 'tokens', form, refusal),
    };
  }

  @Post('tokens/:id/revocation')
  @ConsolePage('tokens.own')
  revokeToken(@Reader() reader: PageReader, @Param('id') id: string): FormSteps {
    return this.#steps(reader, undefined, undefined, async (tx) => {
      await this.tokens.revoke(tx, reader.actor, id);
      return { to: `${page}#tokens`, said: accessWords[reader.language].revoked };
    });
  }

  #steps(
    reader: PageReader,
    name: ProfileForm | undefined,
    form: Form<object> | undefined,
    act: (tx: Transaction) => Promise<Redirect>,
  ): FormSteps {
    return { act, again: (tx, refusal) => this.#again(tx, reader, name, form, refusal) };
  }

  async #again(
    tx: Transaction,
    reader: PageReader,
    name: ProfileForm | undefined,
    form: Form<object> | undefined,
    refusal: Refusal,
  ): Promise<ShownPage> {
    const refused = { name, typed: form?.typed ?? {}, refusal };
    return profilePage(await this.profiles.read(tx, reader), reader, { refused });
  }

  #named(tx: Transaction, { actor }: PageReader) {
    return this.deputies.read(tx, actor, actor.userId);
  }

  /** Returns the name of the user who is added or removed. */
  async #setDeputies(
    tx: Transaction,
    { actor }: PageReader,
    version: number,
    deputies: readonly NewDeputy[],
    userId: string,
  ): Promise<string> {
    const wanted = deputies.map(({ userId: id, from, to }) => ({ userId: id, from, to }));
    await this.deputies.replace(tx, actor, actor.userId, version, { deputies: wanted });
    return (await this.users.find(tx, userId))?.name ?? '';
  }

  #deputySaid(
    { language }: PageReader,
    sentence: 'deputyAdded' | 'deputyRemoved',
    { name, from, to }: { name: string; from: string; to: string },
  ): Redirect {
    const values = { name, from: dayText(from, language), to: dayText(to, language) };
    return { to: `${page}#deputies`, said: say(profileWords[language][sentence], language, values) };
  }
}
