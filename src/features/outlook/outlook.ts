import type { Outlook } from '../../domain/outlook.js';

/** A stored outlook, with its term and its author. */
export interface OutlookRecord extends Outlook {
  id: string;
  termId: string;
  /** From 0. */
  termNumber: number;
  /** Counts the outlooks of the subscription from 1. */
  sequence: number;
  recordedAt: Date;
  recordedById: string;
  recordedByName: string;
}
