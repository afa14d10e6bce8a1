import { IsIn, IsOptional } from 'class-validator';
import type { Language } from '../../domain/language.js';

export class TermStatementQuery {
  /** The language of the statement. Default: the language of the customer. */
  @IsOptional()
  @IsIn(['en', 'ja'])
  language?: Language;
}
