import { IsOptional } from 'class-validator';
import { IsName } from '../../platform/http/fields.js';

export class NewProductLine {
  /** As the reports print it. */
  @IsName({ max: 50 })
  code!: string;

  @IsName({ max: 200 })
  name!: string;
}

export class ProductLineChange {
  @IsOptional()
  @IsName({ max: 50 })
  code?: string;

  @IsOptional()
  @IsName({ max: 200 })
  name?: string;
}

export class ProductLineAnswer {
  id!: string;
  code!: string;
  name!: string;
  version!: number;
  createdAt!: Date;
}

export class ProductLineList {
  data!: ProductLineAnswer[];
  nextCursor!: string | null;
}
