import { MailProgressAnswer } from '../../platform/mail/mail.dto.js';

export class ReportDeliveryRecipient {
  name!: string;
  address!: string;
}

export class ReportDeliveryAnswer extends MailProgressAnswer {
  /** Null while it is only planned. */
  id!: string | null;
  /** The month in which it goes out; null where somebody asked for it out of turn. */
  month!: string | null;
  recipient!: ReportDeliveryRecipient;
}

export class ReportDeliveryList {
  data!: ReportDeliveryAnswer[];
  nextCursor!: string | null;
}
