import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/** A line of products that consultants support (§7), with a short code. */
@Entity('product_lines')
@Unique('product_lines_code_once', ['code'])
export class ProductLine {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'product_lines_pk' })
  id!: string;

  @Column('text')
  code!: string;

  @Column('text')
  name!: string;

  @Column('integer', { default: 1 })
  version!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
