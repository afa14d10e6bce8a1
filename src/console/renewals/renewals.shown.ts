import type { Refusal } from '../../domain/refusal.js';
import type { PageReader } from '../page/console-page.js';
import type { Renewals } from './renewals.service.js';

/** A form of the page that was refused. */
export interface RefusedRenewalForm {
  refusal: Refusal;
  typed: Readonly<Record<string, string>>;
}

/** What every part of the page is made from. */
export interface Shown {
  renewals: Renewals;
  reader: PageReader;
  refused?: RefusedRenewalForm;
}
