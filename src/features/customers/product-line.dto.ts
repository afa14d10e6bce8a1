import { IsOptional } from 'class-validator';
import { IsText } from '../../platform/http/fields.js';

export class NewProductLine {
  /** As the reports print it. */
  @IsText({ max: 50 })
  code!: string;

  @IsText({ max: 200 })
  name!: string;
}

export class ProductLineChange {
  @IsOptional()
  @IsText({ max: 50 })
  code?: string;

  @IsOptional()
  @IsText({ max: 200 })
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
