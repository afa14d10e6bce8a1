import { MailProgressAnswer } from '../../platform/mail/mail.dto.js';

export class ReportDeliveryRecipient {
  name!: string;
  address!: string;
}

export class ReportDeliveryAnswer extends MailProgressAnswer {
  /** `null` while the mail is only planned. */
  id!: string | null;
  /** The month in which the mail goes out. `null` for a mail that a user requested. */
  month!: string | null;
  recipient!: ReportDeliveryRecipient;
}

export class ReportDeliveryList {
  data!: ReportDeliveryAnswer[];
  nextCursor!: string | null;
}
