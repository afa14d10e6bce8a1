import { Controller, Get, Redirect } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '../../platform/http/access.decorators.js';

/** Leads from the service's address to the console. */
@ApiExcludeController()
@Controller()
export class RootController {
  @Get()
  @Public()
  @Redirect('/console', 302)
  toConsole(): void {
    // The redirect is the whole answer.
  }
}
