import { Controller, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../../domain/access.js';
import { Allow, Refuses, Who } from '../../platform/http/access.decorators.js';
import { Csv, TakesCsv, type CsvBody } from '../../platform/http/csv-body.js';
import type { Language } from '../../domain/language.js';
import { CallerLanguage } from '../../platform/http/language.js';
import { pathOf } from '../../platform/http/request.js';
import { ImportAnswer, ImportQuery } from './import.dto.js';
import { ImportService } from './import.service.js';

const columns = `A CSV file (RFC 4180) in UTF-8, CP932 or Windows-1252. The first line holds the headings, in any order:

- \`workDate\`: YYYY-MM-DD or YYYY/M/D
- \`minutes\`: a whole number, or \`hours\`: 1.5, 1:30 or 1:30:00
- \`subscriptionId\`, or \`customer\`: name or ID
- \`consultant\`: e-mail address, name or ID
- \`productLine\`: code, name or ID
- \`activity\`, \`delivery\`, \`summary\`
- optional: \`visitId\`, \`reference\`, \`severity\`

The English and Japanese headings of the reports work too. Exports of Kimai, Toggl Track (detailed report) and Harvest
(detailed time report) are recognised by their headings; \`map\` names other programs.`;

@ApiTags('Imports')
@Controller('v1/time-entries/import')
export class ImportController {
  constructor(private readonly imports: ImportService) {}

  /**
   * Import time entries from a CSV file
   * @remarks A file has up to 1,000,000 rows. The service first checks the form of the whole file. If anything is
   * wrong with it, nothing is imported, and the answer (400) lists each fault by line and column. Then the rules
   * judge each row like a single entry. Rows that are already booked are counted as `present` and not booked again,
   * so a file can be sent twice. For the same reason this request takes no `Idempotency-Key`.
   */
  @Post()
  @HttpCode(200)
  @Allow('time-entries.log', 'own-transaction')
  @Refuses(
    'malformed-csv',
    'file-too-long',
    'too-many-rows',
    'rules-violated',
    'upload-stalled',
    'too-many-imports',
    'imports-busy',
    'import-interrupted',
    'import-undone',
    'malformed-request',
    'subscription-busy',
  )
  @TakesCsv()
  @ApiConsumes('text/csv')
  @ApiBody({ required: true, description: columns, schema: { type: 'string', format: 'binary' } })
  @ApiOkResponse({ type: ImportAnswer })
  async importTimeEntries(
    @Who() actor: Actor,
    @CallerLanguage() language: Language,
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
