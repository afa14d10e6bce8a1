import { Module, type DynamicModule } from '@nestjs/common';
import { ServiceRules } from '../domain/service-rules.js';
import { Clock } from './clock.js';
import { Config } from './settings/config.js';
import { Database } from './database/database.js';
import { HealthController } from './health.controller.js';
import { AccessTokens } from './http/access-tokens.js';
import { BrowserSessions } from './http/browser-sessions.js';
import { ProblemController } from './http/problem.controller.js';
import { UserAllowances } from './http/user-allowances.js';
import { MailHold } from './mail/mail-hold.js';
import { MailServer } from './mail/mail-server.js';

/** The objects that exist before the Nest application and outlive it. */
export interface Foundation {
  readonly config: Config;
  readonly rules: ServiceRules;
  readonly clock: Clock;
  readonly database: Database;
}

/** Provides the foundation to all rooms. */
@Module({})
export class PlatformModule {
  static on({ config, rules, clock, database }: Foundation): DynamicModule {
    const providers = [
      { provide: Config, useValue: config },
      { provide: ServiceRules, useValue: rules },
      { provide: Clock, useValue: clock },
      { provide: Database, useValue: database },
      AccessTokens,
      BrowserSessions,
      MailHold,
      MailServer,
      UserAllowances,
    ];
    return {
      module: PlatformModule,
      global: true,
      controllers: [HealthController, ProblemController],
      providers,
      exports: providers,
    };
  }
}
