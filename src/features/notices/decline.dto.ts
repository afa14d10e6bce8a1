import { IsOptional } from 'class-validator';
import { IsId, IsName, IsText } from '../../platform/http/fields.js';

/** The form with which a customer gives notice. */
export class DeclineForm {
  /** The person who signs for the customer. */
  @IsName({ max: 200 })
  signedBy!: string;

  @IsOptional()
  @IsText({ max: 2000 })
  note?: string;
}

/** The form with which a customer withdraws its notice. */
export class DeclineWithdrawalForm {
  @IsName({ max: 200 })
  signedBy!: string;

  @IsText({ max: 2000 })
  reason!: string;

  /** The notice that the form showed. A notice that was given later is not withdrawn. */
  @IsOptional()
  @IsId()
  noticeId?: string;
}
