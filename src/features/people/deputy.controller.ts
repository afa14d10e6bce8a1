import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Allow, Refuses, Who } from '../../platform/http/access.decorators.js';
import { IfMatch } from '../../platform/http/etag.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { DeputiesAnswer, NewDeputies } from './deputy.dto.js';
import { DeputyService } from './deputy.service.js';

@ApiTags('Users and tokens')
@Controller('v1/users/:id/deputies')
export class DeputyController {
  constructor(private readonly deputies: DeputyService) {}

  /**
   * Get the deputies of a CSM
   * @remarks The deputies of today and of coming days. A CSM sees their own list, an administrator every list.
   */
  @Get()
  @Allow('deputies.manage')
  getDeputies(@Tx() tx: Transaction, @Who() actor: Actor, @Param('id') id: string): Promise<DeputiesAnswer> {
    return this.deputies.read(tx, actor, id);
  }

  /**
   * Replace the deputies of a CSM
   * @remarks The body is the whole list. From the first to the last day, in the time zone of the CSM, a deputy sees and
   * does what the CSM may; everything that is recorded names the deputy who did it. Several deputies at a time are
   * allowed. The rights do not chain: a deputy of a deputy has none.
   */
  @Put()
  @Allow('deputies.manage')
  @Refuses(
    'not-a-csm',
    'user-inactive',
    'deputy-is-csm',
    'deputy-not-a-csm',
    'deputy-days-reversed',
    'deputy-days-past',
    'deputy-days-overlap',
    'deputy-circle',
    'rules-violated',
  )
  setDeputies(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @IfMatch() version: number,
    @Body() body: NewDeputies,
  ): Promise<DeputiesAnswer> {
    return this.deputies.replace(tx, actor, id, version, body);
  }
}
