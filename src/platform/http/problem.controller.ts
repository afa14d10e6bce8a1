import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Language } from '../../domain/language.js';
import { Refusal, statusOf } from '../../domain/refusal.js';
import { refusals, type RefusalCode } from '../../domain/refusals.js';
import { pageText } from '../pages/page.js';
import { WebPageQuery } from '../pages/page-query.js';
import { explanationPage } from '../pages/explanation.page.js';
import { outlineOf } from '../sentences.js';
import { Public, Refuses } from './access.decorators.js';
import { languageOf } from './language.js';
import { adviceFor } from './problem-advice.js';
import { ProblemExplanation } from './problem.dto.js';

/** The `type` of every problem leads here. */
@ApiTags('Operation')
@Controller('problems')
export class ProblemController {
  /**
   * Explain a problem
   * @remarks The `type` of every problem document leads here. A browser gets a page, any other client JSON, in English or
   * Japanese as `lang` or `Accept-Language` asks.
   */
  @Get(':code')
  @Public()
  @Refuses('not-found')
  @ApiQuery({ name: 'lang', required: false, enum: ['en', 'ja'], description: 'The language of the explanation.' })
  @ApiProduces('application/json', 'text/html')
  @ApiOkResponse({ type: ProblemExplanation })
  async explainProblem(
    @Param('code') code: string,
    @Query() { lang }: WebPageQuery,
    @Req() { headers }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ProblemExplanation | string> {
    if (!isRefusalCode(code)) throw new Refusal('not-found');
    const language = lang === 'en' || lang === 'ja' ? lang : languageOf(headers['accept-language']);
    const explanation = explained(code, language);
    void reply.header('vary', 'accept, accept-language').header('content-language', language);
    if (!/\bhtml\b/i.test(headers.accept ?? '')) return explanation;
    return pageText(reply, { html: explanationPage(explanation, language), language });
  }
}

const isRefusalCode = (code: string): code is RefusalCode => Object.hasOwn(refusals, code);

function explained(code: RefusalCode, language: Language): ProblemExplanation {
  const { kind, title, detail } = refusals[code];
  return {
    type: `/problems/${code}`,
    code,
    status: statusOf(code),
    title: title[language],
    detail: outlineOf(detail[language], language),
    advice: adviceFor[kind][language],
  };
}
