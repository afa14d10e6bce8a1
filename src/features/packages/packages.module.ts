import { readFileSync } from 'node:fs';
import { Module } from '@nestjs/common';
import { parse } from 'yaml';
import { readPackages } from '../../domain/package.js';
import { projectPath } from '../../platform/project-root.js';
import { PackageController } from './package.controller.js';
import { PackageService } from './package.service.js';

const readTable = () => readPackages(parse(readFileSync(projectPath('config', 'packages.yaml'), 'utf8')));

@Module({
  controllers: [PackageController],
  providers: [{ provide: PackageService, useFactory: () => new PackageService(readTable()) }],
  exports: [PackageService],
})
export class PackagesModule {}
