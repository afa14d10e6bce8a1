import { PartialType } from '@nestjs/swagger';
import { IsEmailAddress, IsName } from '../../platform/http/fields.js';

export class NewConsultant {
  @IsEmailAddress()
  email!: string;

  @IsName({ max: 200 })
  name!: string;
}

export class ConsultantChange extends PartialType(NewConsultant) {}

export class ConsultantAnswer {
  id!: string;
  email!: string;
  name!: string;
  version!: number;
  createdAt!: Date;
}

export class ConsultantList {
  data!: ConsultantAnswer[];
  nextCursor!: string | null;
}
