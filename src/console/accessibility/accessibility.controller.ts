import { Controller, Get, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { Language } from '../../domain/language.js';
import { languageOf } from '../../platform/http/language.js';
import type { PageAnswer } from '../../platform/pages/page.js';
import { AskedLanguage, PublicPage } from '../../platform/pages/page.decorators.js';
import { Config } from '../../platform/settings/config.js';
import { accessibilityPage } from './accessibility.page.js';

/** The conformance statement, which everybody can read. */
@ApiExcludeController()
@Controller('console/accessibility')
export class AccessibilityController {
  constructor(private readonly config: Config) {}

  @Get()
  @PublicPage()
  show(@AskedLanguage() asked: Language | undefined, @Req() { headers }: FastifyRequest): PageAnswer {
    const language = asked ?? languageOf(headers['accept-language']);
    const { operatorEmail } = this.config;
    // The address of a service without settings reaches nobody.
    const contact = operatorEmail.endsWith('@localhost') ? undefined : operatorEmail;
    return { html: accessibilityPage(contact, language), language };
  }
}
