import type { Type } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { QueryBoolean } from './fields.js';

/** The query of a route that has a dry run. Every other route refuses the parameter. */
export class DryRunQuery {
  /** `true`: answer what the request would do, and change nothing. */
  @IsOptional()
  @QueryBoolean()
  dryRun?: boolean;
}

/** Publishes the answer to a dry run of a route whose real answer is 201. */
export const DryRunAnswers = (type: Type) =>
  ApiOkResponse({ type, description: 'With `dryRun=true`: the same answer, and nothing is saved.' });
