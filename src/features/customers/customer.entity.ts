import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { Contact } from './contact.js';

export const locales = ['en', 'ja'] as const;
export type Locale = (typeof locales)[number];

/** An organisation that buys TRM subscriptions (§2). */
@Entity('customers')
@Check('customers_locale_known', `locale in ('ja', 'en')`)
@Unique('customers_code_once', ['code'])
export class Customer {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'customers_pk' })
  id!: string;

  @Column('text')
  name!: string;

  /** The vendor's customer number; null if there is none. */
  @Column('text', { nullable: true })
  code!: string | null;

  @Column('text')
  locale!: Locale;

  /** IANA name. All days of the customer's contracts are days in this zone. */
  @Column('text', { name: 'time_zone' })
  timeZone!: string;

  /** ISO 3166 code, for public holidays. */
  @Column('text', { nullable: true })
  country!: string | null;

  @Column('jsonb', { default: [] })
  contacts!: Contact[];

  @Column('integer', { default: 1 })
  version!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  /** The user who entered the customer. A CSM sees it even before it has a subscription. */
  @Column('uuid', { name: 'entered_by', nullable: true })
  @Index('customers_entered_by')
  @ForeignKey('users', { name: 'customers_entered_by_fk' })
  enteredBy!: string | null;
}
