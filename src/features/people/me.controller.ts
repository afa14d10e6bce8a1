import { Controller, Get } from '@nestjs/common';
import type { Actor } from '../../domain/access.js';
import { Allow, Who } from '../../platform/http/access.decorators.js';
import { MeAnswer } from './people.dto.js';

@Controller('v1/me')
export class MeController {
  /** Who the service takes the bearer of this token for. */
  @Get()
  @Allow('me.read', 'own-transaction')
  me(@Who() { userId, name, email, role, customerId }: Actor): MeAnswer {
    return { id: userId, name, email, role, customerId };
  }
}
