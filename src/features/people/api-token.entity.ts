import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { Day } from '../../domain/calendar.js';
import { User } from './user.entity.js';

/** A user's token. Its text is shown once and never stored. */
@Entity('api_tokens')
@Unique('api_tokens_hash_once', ['tokenHash'])
export class ApiToken {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'api_tokens_pk' })
  id!: string;

  @Column('uuid', { name: 'user_id' })
  @Index('api_tokens_user')
  @ForeignKey(() => User, { name: 'api_tokens_user_fk' })
  userId!: string;

  @Column('text')
  name!: string;

  /** SHA-256 of the token. */
  @Column('bytea', { name: 'token_hash' })
  tokenHash!: Buffer;

  /** The last day of validity, in UTC. Null: it does not expire. */
  @Column('date', { name: 'expires_on', nullable: true })
  expiresOn!: Day | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt!: Date | null;
}
