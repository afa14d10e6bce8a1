import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Transaction } from '../../platform/database/transaction.js';
import { Allow, Refuses } from '../../platform/http/access.decorators.js';
import { IfMatch } from '../../platform/http/etag.js';
import { PageQuery } from '../../platform/http/paging.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { ProductLineChange, ProductLineAnswer, ProductLineList, NewProductLine } from './product-line.dto.js';
import { ProductLineService } from './product-line.service.js';

@ApiTags('Consultants and product lines')
@Controller('v1/product-lines')
export class ProductLineController {
  constructor(private readonly productLines: ProductLineService) {}

  /** Create a product line */
  @Post()
  @Allow('product-lines.write')
  @Refuses('code-already-used')
  createProductLine(@Tx() tx: Transaction, @Body() body: NewProductLine): Promise<ProductLineAnswer> {
    return this.productLines.enter(tx, body);
  }

  /** List product lines */
  @Get()
  @Allow('product-lines.read')
  listProductLines(@Tx() tx: Transaction, @Query() query: PageQuery): Promise<ProductLineList> {
    return this.productLines.list(tx, query);
  }

  /** Get a product line */
  @Get(':id')
  @Allow('product-lines.read')
  getProductLine(@Tx() tx: Transaction, @Param('id') id: string): Promise<ProductLineAnswer> {
    return this.productLines.read(tx, id);
  }

  /** Change a product line */
  @Patch(':id')
  @Allow('product-lines.write')
  @Refuses('code-already-used')
  updateProductLine(
    @Tx() tx: Transaction,
    @Param('id') id: string,
    @IfMatch() version: number,
    @Body() body: ProductLineChange,
  ): Promise<ProductLineAnswer> {
    return this.productLines.change(tx, id, version, body);
  }
}
