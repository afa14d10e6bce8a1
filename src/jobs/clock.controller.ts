import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { parseInstant } from '../domain/calendar.js';
import { Allow, Refuses } from '../platform/http/access.decorators.js';
import { KeepsAnswer } from '../platform/http/kept-answer.interceptor.js';
import { ClockAdvanceAnswer, ClockAdvance, ClockAnswer } from './clock.dto.js';
import { TimeTravel } from './time-travel.js';

@ApiTags('Operation')
@Controller('v1/clock')
export class ClockController {
  constructor(private readonly time: TimeTravel) {}

  /**
   * Get the simulated time
   * @remarks Only on a service with a simulated clock (`CLOCK=simulated:…`).
   */
  @Get()
  @Allow('clock.manage', 'own-transaction')
  @Refuses('clock-not-simulated')
  getClock(): ClockAnswer {
    return this.time.read();
  }

  /**
   * Advance the simulated clock
   * @remarks The service runs everything that falls due on the way, in order, and then answers.
   */
  @Post('advance')
  @HttpCode(200)
  @Allow('clock.manage', 'own-transaction')
  @Refuses('clock-not-simulated', 'clock-backwards', 'clock-busy')
  @KeepsAnswer()
  advanceClock(@Body() { to }: ClockAdvance): Promise<ClockAdvanceAnswer> {
    return this.time.advance(parseInstant(to)!);
  }
}
