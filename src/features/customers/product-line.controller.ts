import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import type { Transaction } from '../../platform/database.js';
import { Allow } from '../../platform/http/access.decorators.js';
import { IfMatch } from '../../platform/http/etag.js';
import { PageQuery } from '../../platform/http/paging.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { ProductLineChange, ProductLineAnswer, ProductLineList, NewProductLine } from './product-line.dto.js';
import { ProductLineService } from './product-line.service.js';

@Controller('v1/product-lines')
export class ProductLineController {
  constructor(private readonly productLines: ProductLineService) {}

  @Post()
  @Allow('product-lines.write')
  enter(@Tx() tx: Transaction, @Body() body: NewProductLine): Promise<ProductLineAnswer> {
    return this.productLines.enter(tx, body);
  }

  @Get()
  @Allow('product-lines.read')
  list(@Tx() tx: Transaction, @Query() query: PageQuery): Promise<ProductLineList> {
    return this.productLines.list(tx, query);
  }

  @Get(':id')
  @Allow('product-lines.read')
  read(@Tx() tx: Transaction, @Param('id') id: string): Promise<ProductLineAnswer> {
    return this.productLines.read(tx, id);
  }

  @Patch(':id')
  @Allow('product-lines.write')
  change(
    @Tx() tx: Transaction,
    @Param('id') id: string,
    @IfMatch() version: number,
    @Body() body: ProductLineChange,
  ): Promise<ProductLineAnswer> {
    return this.productLines.change(tx, id, version, body);
  }
}
