import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../../platform/http/access.decorators.js';
import type { Language } from '../../domain/language.js';
import { CallerLanguage } from '../../platform/http/language.js';
import { PackagesQuery, PackageList } from './package.dto.js';
import { PackageService } from './package.service.js';

@ApiTags('Packages')
@Controller('v1/packages')
export class PackageController {
  constructor(private readonly packages: PackageService) {}

  /**
   * List the packages and what each of them grants
   * @remarks The newest version of the table, or with `on` the version that was offered on that day. A term keeps the
   * version under which it was sold.
   */
  @Get()
  @Allow('packages.read', 'own-transaction')
  listPackages(@Query() query: PackagesQuery, @CallerLanguage() language: Language): PackageList {
    return this.packages.list(query.on, language);
  }
}
