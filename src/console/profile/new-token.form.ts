import { IsOptional } from 'class-validator';
import { IsDay, IsId, IsName } from '../../platform/http/fields.js';

/** The form for a new API token. */
export class NewTokenForm {
  /** The key of the form becomes the id of the token, so that a form that is sent twice creates one token. */
  @IsId()
  key!: string;

  @IsName({ max: 200 })
  tokenName!: string;

  @IsOptional()
  @IsDay()
  expiresOn?: string;
}
