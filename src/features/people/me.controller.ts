import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../domain/access.js';
import { Allow, Who } from '../../platform/http/access.decorators.js';
import { MeAnswer } from './people.dto.js';

@ApiTags('Users and tokens')
@Controller('v1/me')
export class MeController {
  /**
   * Get your own profile
   * @remarks Use this request to check a token: it answers with the user and the role behind the token.
   */
  @Get()
  @Allow('me.read', 'own-transaction')
  getMe(@Who() { userId, name, email, role, customerId }: Actor): MeAnswer {
    return { id: userId, name, email, role, customerId };
  }
}
