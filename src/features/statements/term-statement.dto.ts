import { IsIn, IsOptional } from 'class-validator';
import type { Language } from '../../domain/language.js';

export class TermStatementQuery {
  /** The language of the statement; without it the customer's. */
  @IsOptional()
  @IsIn(['en', 'ja'])
  language?: Language;
}
