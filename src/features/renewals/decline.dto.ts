import { IsOptional } from 'class-validator';
import { IsId, IsName, IsText } from '../../platform/http/fields.js';

/** What the customer types to give notice. */
export class DeclineForm {
  /** Who signs for the customer. */
  @IsName({ max: 200 })
  signedBy!: string;

  @IsOptional()
  @IsText({ max: 2000 })
  note?: string;
}

/** What the customer types to take its notice back. */
export class DeclineWithdrawalForm {
  @IsName({ max: 200 })
  signedBy!: string;

  @IsText({ max: 2000 })
  reason!: string;

  /** The notice that the form was shown for: one that was given after it is not meant. */
  @IsOptional()
  @IsId()
  noticeId?: string;
}
