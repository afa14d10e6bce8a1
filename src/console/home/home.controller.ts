import { Get, Post } from '@nestjs/common';
import { IsIn, IsOptional, IsString } from 'class-validator';
import { languages, type Language } from '../../domain/language.js';
import { Typed } from '../../platform/pages/page.decorators.js';
import type { Form } from '../../platform/pages/form.js';
import { UserService } from '../../features/people/user.service.js';
import { homeOf } from '../frame/navigation.js';
import type { FormSteps, PageReader, Redirect } from '../page/console-page.js';
import { ConsoleController, ConsolePage, Reader } from '../page/console.decorators.js';
import { wellFormed } from '../page/well-formed.js';
import { ownPath } from '../page/own-path.js';
import { RefusalPage } from '../parts/refusal.js';

class LanguageForm {
  @IsIn(languages)
  language!: Language;

  /** The page to go back to. */
  @IsOptional()
  @IsString()
  from?: string;
}

/** The start of the console, and the language in the user's menu. */
@ConsoleController('')
export class HomeController {
  constructor(private readonly users: UserService) {}

  @Get()
  @ConsolePage('me.read')
  home(@Reader() { actor }: PageReader): Redirect {
    return { to: homeOf(actor.role) };
  }

  @Post('language')
  @ConsolePage('me.write')
  changeLanguage(@Reader() reader: PageReader, @Typed(LanguageForm) { checked }: Form<LanguageForm>): FormSteps {
    return {
      act: async (tx) => {
        const fields = wellFormed({ checked });
        const { actor } = reader;
        const { version } = await this.users.read(tx, actor.userId);
        await this.users.change(tx, actor, actor.userId, version, { locale: fields.language });
        return { to: ownPath(fields.from) ?? homeOf(actor.role) };
      },
      again: async (_tx, refusal) => RefusalPage({ refusal, reader }),
    };
  }
}
