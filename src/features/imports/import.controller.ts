import { Controller, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../../domain/access.js';
import { Allow, Who } from '../../platform/http/access.decorators.js';
import { Csv, TakesCsv, type CsvBody } from '../../platform/http/csv-body.js';
import { Language } from '../../platform/http/language.js';
import { pathOf } from '../../platform/http/request.js';
import { ImportAnswer, ImportQuery } from './import.dto.js';
import { ImportService } from './import.service.js';

const columns = `RFC 4180, separated by commas, lines ended by CR LF or LF, in UTF-8 or CP932. The first line holds the headings, in
any order: \`workDate\` (YYYY-MM-DD or YYYY/M/D), \`minutes\` (a whole number) or \`hours\` (1.5, 1:30 or 1:30:00),
\`subscriptionId\` or \`customer\` (name or id), \`consultant\` (e-mail address, name or id), \`productLine\` (code, name or id),
\`activity\`, \`delivery\`, \`summary\`, and where wanted \`visitId\`, \`reference\`, \`severity\`; also as the reports print them in
English and Japanese. The exports of Kimai, Toggl Track (detailed report) and Harvest (detailed time report) are known by
their headings.`;

@Controller('v1/time-entries/import')
export class ImportController {
  constructor(private readonly imports: ImportService) {}

  /**
   * Logs the rows of a CSV file, up to 1,000,000.
   * @remarks First the form of the whole file is checked: where anything is wrong with it
   * nothing is taken, and every fault is said by line and column (400). Then each row is judged by the rules, as a single entry
   * would be. The same file sent again is the same import: what was taken of it is not taken twice, so it needs no
   * `Idempotency-Key`.
   */
  @Post()
  @HttpCode(200)
  @Allow('time-entries.log', 'own-transaction')
  @TakesCsv()
  @ApiConsumes('text/csv')
  @ApiBody({ required: true, description: columns, schema: { type: 'string', format: 'binary' } })
  @ApiOkResponse({ type: ImportAnswer })
  async import(
    @Who() actor: Actor,
    @Language() language: Language,
    @Req() request: FastifyRequest,
    @Query() query: ImportQuery,
    @Csv() body: CsvBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const answer = await this.imports.take({ actor, language, instance: pathOf(request) }, query, body);
    reply.status(answer.status);
    if (answer.status >= 400) reply.type('application/problem+json');
    return answer.body;
  }
}
