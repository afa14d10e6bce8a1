import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { Role } from '../../domain/access.js';
import type { Language } from '../../domain/language.js';

/** A user of the service. E-mail addresses are unique, ignoring case. */
@Entity('users')
@Index('users_email_once', { synchronize: false })
@Check('users_role_known', `role in ('admin', 'csm', 'finance', 'customer')`)
@Check('users_locale_known', `locale in ('ja', 'en')`)
@Check('users_customer_of_role', `(role = 'customer') = (customer_id is not null)`)
export class User {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'users_pk' })
  id!: string;

  @Column('text')
  name!: string;

  @Column('text')
  email!: string;

  @Column('text')
  role!: Role;

  /** The customer to which a user with the role `customer` belongs. */
  @Column('uuid', { name: 'customer_id', nullable: true })
  @ForeignKey('customers', { name: 'users_customer_fk' })
  customerId!: string | null;

  /** The language of mails to this user. Null: a mail about one customer is in the language of the customer. */
  @Column('text', { nullable: true })
  locale!: Language | null;

  /** The time zone of the user's days and mails (IANA). Null: the zone of the house. */
  @Column('text', { name: 'time_zone', nullable: true })
  timeZone!: string | null;

  /** Whether the user gets nudge mails. */
  @Column('boolean', { default: true })
  nudges!: boolean;

  /** Whether single keys are shortcuts in the console. */
  @Column('boolean', { default: true })
  shortcuts!: boolean;

  /** An inactive user has no valid token and can be named nowhere. */
  @Column('boolean', { default: true })
  active!: boolean;

  @Column('integer', { default: 1 })
  version!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
