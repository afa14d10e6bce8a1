import { IsText } from '../../platform/http/fields.js';

export class NewAnnulment {
  /** Why the contract was a mistake. It stays with the subscription for ever. */
  @IsText({ max: 2_000 })
  reason!: string;
}
