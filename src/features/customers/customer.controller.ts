import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Allow, Refuses, Who } from '../../platform/http/access.decorators.js';
import { IfMatch } from '../../platform/http/etag.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { CustomerChange, CustomerAnswer, CustomerList, CustomersQuery, NewCustomer } from './customer.dto.js';
import { CustomerService } from './customer.service.js';

@ApiTags('Customers')
@Controller('v1/customers')
export class CustomerController {
  constructor(private readonly customers: CustomerService) {}

  /**
   * Create a customer
   * @remarks The time zone decides on which calendar day something happens for this customer. Mails are written in
   * `locale`.
   */
  @Post()
  @Allow('customers.write')
  @Refuses('code-already-used')
  createCustomer(@Tx() tx: Transaction, @Who() actor: Actor, @Body() body: NewCustomer): Promise<CustomerAnswer> {
    return this.customers.enter(tx, actor, body);
  }

  /** List customers */
  @Get()
  @Allow('customers.read')
  listCustomers(@Tx() tx: Transaction, @Who() actor: Actor, @Query() query: CustomersQuery): Promise<CustomerList> {
    return this.customers.list(tx, actor, query);
  }

  /** Get a customer */
  @Get(':id')
  @Allow('customers.read')
  getCustomer(@Tx() tx: Transaction, @Who() actor: Actor, @Param('id') id: string): Promise<CustomerAnswer> {
    return this.customers.read(tx, actor, id);
  }

  /**
   * Change a customer
   * @remarks A new time zone applies to everything still to come. A notice deadline that was announced in a mail
   * never moves to an earlier moment.
   */
  @Patch(':id')
  @Allow('customers.write')
  @Refuses('code-already-used')
  updateCustomer(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @IfMatch() version: number,
    @Body() body: CustomerChange,
  ): Promise<CustomerAnswer> {
    return this.customers.change(tx, actor, id, version, body);
  }
}
