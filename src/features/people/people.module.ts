import { Module } from '@nestjs/common';
import { AdminBootstrap } from './bootstrap.js';
import { DeputyController } from './deputy.controller.js';
import { DeputyService } from './deputy.service.js';
import { DeputyStore } from './deputy.store.js';
import { MeController } from './me.controller.js';
import { RoleChangeChecks } from './role-change.js';
import { TokenController } from './token.controller.js';
import { TokenService } from './token.service.js';
import { UserChangeSteps } from './user-change.js';
import { UserController } from './user.controller.js';
import { UserService } from './user.service.js';

@Module({
  controllers: [UserController, TokenController, DeputyController, MeController],
  providers: [UserService, TokenService, DeputyService, DeputyStore, AdminBootstrap, RoleChangeChecks, UserChangeSteps],
  exports: [UserService, TokenService, DeputyService, RoleChangeChecks, UserChangeSteps],
})
export class PeopleModule {}
