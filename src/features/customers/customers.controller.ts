import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database.js';
import { Allow, Who } from '../../platform/http/access.decorators.js';
import { IfMatch } from '../../platform/http/etag.js';
import { PageQuery } from '../../platform/http/paging.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { CustomerChange, CustomerShown, CustomersPage, NewCustomer } from './customers.dto.js';
import { CustomerService } from './customers.service.js';

@Controller('v1/customers')
export class CustomersController {
  constructor(private readonly customers: CustomerService) {}

  @Post()
  @Allow('customers.write')
  enter(@Tx() tx: Transaction, @Who() actor: Actor, @Body() body: NewCustomer): Promise<CustomerShown> {
    return this.customers.enter(tx, actor, body);
  }

  @Get()
  @Allow('customers.read')
  list(@Tx() tx: Transaction, @Who() actor: Actor, @Query() query: PageQuery): Promise<CustomersPage> {
    return this.customers.list(tx, actor, query);
  }

  @Get(':id')
  @Allow('customers.read')
  read(@Tx() tx: Transaction, @Who() actor: Actor, @Param('id') id: string): Promise<CustomerShown> {
    return this.customers.read(tx, actor, id);
  }

  @Patch(':id')
  @Allow('customers.write')
  change(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @IfMatch() version: number,
    @Body() body: CustomerChange,
  ): Promise<CustomerShown> {
    return this.customers.change(tx, actor, id, version, body);
  }
}
