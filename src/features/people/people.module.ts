import { Module } from '@nestjs/common';
import { AdminBootstrap } from './bootstrap.js';
import { MeController } from './me.controller.js';
import { TokensController } from './tokens.controller.js';
import { TokenService } from './tokens.service.js';
import { UsersController } from './users.controller.js';
import { UserService } from './users.service.js';

@Module({
  controllers: [UsersController, TokensController, MeController],
  providers: [UserService, TokenService, AdminBootstrap],
  exports: [UserService],
})
export class PeopleModule {}
