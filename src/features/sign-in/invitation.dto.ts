export class InvitationAnswer {
  id!: string;
  userId!: string;
  /** The address to which the invitation was mailed. */
  email!: string;
  createdAt!: Date;
  /** The invitation works before this moment, once. */
  expiresAt!: Date;
}
