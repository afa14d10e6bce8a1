import type { Type } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { QueryBoolean } from './fields.js';

/** The query of a route that can be tried. Every other route refuses the parameter. */
export class DryRunQuery {
  /** True: the answer is what it would be, and nothing is written. */
  @IsOptional()
  @QueryBoolean()
  dryRun?: boolean;
}

/** Publishes the answer to a dry run of a route whose real answer is 201. */
export const DryRunAnswers = (type: Type) =>
  ApiOkResponse({ type, description: 'With `dryRun`: the same, and nothing is written.' });
