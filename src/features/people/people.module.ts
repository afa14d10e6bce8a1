import { Module } from '@nestjs/common';
import { AdminBootstrap } from './bootstrap.js';
import { MeController } from './me.controller.js';
import { RoleChangeChecks } from './role-change.js';
import { TokenController } from './token.controller.js';
import { TokenService } from './token.service.js';
import { UserController } from './user.controller.js';
import { UserService } from './user.service.js';

@Module({
  controllers: [UserController, TokenController, MeController],
  providers: [UserService, TokenService, AdminBootstrap, RoleChangeChecks],
  exports: [UserService, RoleChangeChecks],
})
export class PeopleModule {}
