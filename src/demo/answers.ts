/** Answers of the service: only the fields that the story reads. */

export interface Identified {
  id: string;
}

export interface Term {
  id: string;
  number: number;
  package: string;
  startsOn: string;
  endsOn: string;
  noticeDeadline: string;
  renewalState: 'open' | 'locked' | 'declined' | 'renewed' | 'ended';
}

export interface DemoBalance {
  grantedMinutes: number;
  usedMinutes: number;
  expiredMinutes: number;
  remainingMinutes: number;
  unallocatedMinutes: number;
  onsite: { capMinutes: number; usedMinutes: number; visitsUsed: number; maxVisits: number | null };
  seats: { used: number; max: number };
  pace: { plannedMinutes: number; differenceMinutes: number; status: string };
  forecast: { exhaustedOn: string | null; expiringMinutes: number; basis: { days: number; minutes: number } };
}

export interface Subscription {
  id: string;
  customerId: string;
  status: 'active' | 'ended';
  package: string;
  nextPackage: string | null;
  currentTerm: Term;
  balance: DemoBalance;
}

export interface Logged {
  entry: DemoTimeEntry;
  balance: DemoBalance;
  warnings: { code: string; detail: string }[];
}

export interface Batch {
  accepted: number;
  refused: number;
  results: { status: number; problem?: object }[];
}

export interface Notice extends Identified {
  effective: boolean;
  noticeDeadline: string;
  renewalState: string;
}

/** A mail about a renewal: planned, waiting or sent. */
export interface Reminder {
  kind: string;
  termId: string;
  status: string;
  recipient: { role: string; name: string; address: string };
  subject: string | null;
  plannedAt: string;
}

export interface DemoLedgerEntry {
  kind: string;
  minutes: number;
  effectiveOn: string;
  recordedAt: string;
  balanceAfterMinutes: number;
}

export interface DemoTimeEntry extends Identified {
  correctsEntryId: string | null;
  plannedSessionId: string | null;
  recordedBy: string;
}

/** A closed month. */
export interface ClosedMonth {
  month: string;
  controlTotals: { rows: number; minutes: number; onsiteMinutes: number };
  /** The months closed together with it, oldest first. */
  changedMonths: string[];
}

/** A report as JSON. */
export interface DemoReportFile<Row> {
  data: Row[];
  rowCount: number;
  totalMinutes: number;
}

/** A mail with a report attached. */
export interface DemoDelivery {
  status: string;
  subject: string;
  sentAt: string;
  recipient: { name: string };
}

/** Why a subscription needs its CSM. */
export interface DemoAttention {
  customer: string;
  /** Gravest first. */
  reasons: { code: string; since: string; detail: string }[];
}
