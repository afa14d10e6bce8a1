import { IsText } from '../../platform/http/fields.js';

export class NewAnnulment {
  /** Why the subscription was a mistake. The reason is kept for ever. */
  @IsText({ max: 2_000 })
  reason!: string;
}
