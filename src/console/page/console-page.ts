import type { Actor } from '../../domain/access.js';
import type { Day } from '../../domain/calendar.js';
import type { Language } from '../../domain/language.js';
import type { Refusal } from '../../domain/refusal.js';
import type { Transaction } from '../../platform/database/transaction.js';

/** The user who reads a page of the console, and what the page needs to speak to this user. */
export interface PageReader {
  actor: Actor;
  /** The session in which the page is read. */
  sessionId: string;
  /** The user's own language, else that of the browser. */
  language: Language;
  /** The zone of the user's days and times: the user's own, else that of the house. */
  timeZone: string;
  now: Date;
  /** Today in `timeZone`. */
  today: Day;
  /** Whether single letters are commands (WCAG 2.1.4). */
  shortcuts: boolean;
  /** The path of the page with its query. */
  path: string;
  /** Whether the clock of the service is simulated. Then each page says so. */
  isSimulated?: boolean;
  /** For the hidden field of each form: shows that a page of this session contained the form. */
  csrf: string;
}

/** The main part of a page. The frame with the navigation, messages and the user's menu is put around it. */
export interface ShownPage {
  title: string;
  main: JSX.Element;
  /** Default: 200. */
  status?: number;
  /** Uses the whole width of the screen, for wide tables. */
  wide?: boolean;
}

/** A part of a page, which a script asks for. It is sent without a frame. */
export interface Fragment {
  fragment: JSX.Element;
  status?: number;
}

/** Leads to another page, with status 303. */
export interface Redirect {
  /** A path of the console. */
  to: string;
  /** A sentence that the next page shows once, in the language of the reader. */
  said?: string;
  /** A form with one button beside the sentence, e.g. to take back what was done. */
  undo?: { action: string; label: string };
}

/** What a form does. */
export interface FormSteps {
  /**
   * Changes something. With `'in-transaction'`, the interceptor opens the transaction and rolls it back on a refusal. With
   * `'own-transaction'`, the services that are called open their own, and `tx` is missing. Only a form that changes nothing, such as a
   * preview, shows a page at once.
   */
  act(tx: Transaction): Promise<PageResult>;
  /** Shows the page again with what was typed, read from a new snapshot. */
  again(tx: Transaction, refusal: Refusal): Promise<ShownPage | Fragment>;
}

export type PageResult = ShownPage | Fragment | Redirect;
