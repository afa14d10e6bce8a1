import { PartialType } from '@nestjs/swagger';
import { IsName } from '../../platform/http/fields.js';

export class NewProductLine {
  /** A short code, as reports show it. It is unique. */
  @IsName({ max: 50 })
  code!: string;

  @IsName({ max: 200 })
  name!: string;
}

export class ProductLineChange extends PartialType(NewProductLine) {}

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
