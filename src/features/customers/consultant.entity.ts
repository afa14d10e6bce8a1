import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A consultant, who works for customers and whose hours are logged. E-mail addresses are unique, ignoring case. */
@Entity('consultants')
@Index('consultants_email_once', { synchronize: false })
export class Consultant {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'consultants_pk' })
  id!: string;

  @Column('text')
  email!: string;

  @Column('text')
  name!: string;

  @Column('integer', { default: 1 })
  version!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
