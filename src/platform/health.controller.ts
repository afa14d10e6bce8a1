import { Controller, Get, type OnModuleDestroy } from '@nestjs/common';
import { Refusal } from '../domain/refusals.js';
import { Database } from './database.js';
import { Public } from './http/access.decorators.js';
import { MailHold } from './mail-hold.js';

const answerWithinMs = 2_000;

export class ReadyAnswer {
  status!: string;
  /** Set while mails wait until an administrator releases them. */
  mail?: 'held';
}

/** For whoever keeps the service running: is it alive, and can it serve? */
@Controller('health')
export class HealthController implements OnModuleDestroy {
  #stopping = false;

  constructor(
    private readonly database: Database,
    private readonly hold: MailHold,
  ) {}

  /** From now on new requests are better sent to another instance. */
  onModuleDestroy(): void {
    this.#stopping = true;
  }

  /** The process runs. */
  @Get('live')
  @Public()
  live(): { status: string } {
    return { status: 'live' };
  }

  /** The process can serve: it is not about to stop, and its database answers. While mails are held, `mail` says so. */
  @Get('ready')
  @Public()
  async ready(): Promise<ReadyAnswer> {
    if (this.#stopping) throw new Refusal('overloaded', {}, { retryAfterSeconds: 5 });
    if (!(await this.database.answers(answerWithinMs)))
      throw new Refusal('database-unavailable', {}, { retryAfterSeconds: 5 });
    const isHeld = await this.database.read((tx) => this.hold.isHeld(tx));
    return { status: 'ready', ...(isHeld && { mail: 'held' as const }) };
  }
}
