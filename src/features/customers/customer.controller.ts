import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database.js';
import { Allow, Who } from '../../platform/http/access.decorators.js';
import { IfMatch } from '../../platform/http/etag.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { CustomerChange, CustomerAnswer, CustomerList, CustomersQuery, NewCustomer } from './customer.dto.js';
import { CustomerService } from './customer.service.js';

@Controller('v1/customers')
export class CustomerController {
  constructor(private readonly customers: CustomerService) {}

  @Post()
  @Allow('customers.write')
  enter(@Tx() tx: Transaction, @Who() actor: Actor, @Body() body: NewCustomer): Promise<CustomerAnswer> {
    return this.customers.enter(tx, actor, body);
  }

  @Get()
  @Allow('customers.read')
  list(@Tx() tx: Transaction, @Who() actor: Actor, @Query() query: CustomersQuery): Promise<CustomerList> {
    return this.customers.list(tx, actor, query);
  }

  @Get(':id')
  @Allow('customers.read')
  read(@Tx() tx: Transaction, @Who() actor: Actor, @Param('id') id: string): Promise<CustomerAnswer> {
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
  ): Promise<CustomerAnswer> {
    return this.customers.change(tx, actor, id, version, body);
  }
}
