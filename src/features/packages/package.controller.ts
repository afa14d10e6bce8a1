import { Controller, Get, Query } from '@nestjs/common';
import { Allow } from '../../platform/http/access.decorators.js';
import { Language } from '../../platform/http/language.js';
import { PackagesQuery, PackageList } from './package.dto.js';
import { PackageService } from './package.service.js';

@Controller('v1/packages')
export class PackageController {
  constructor(private readonly packages: PackageService) {}

  /** The published table. */
  @Get()
  @Allow('packages.read', 'own-transaction')
  list(@Query() query: PackagesQuery, @Language() language: Language): PackageList {
    return this.packages.list(query.on, language);
  }
}
