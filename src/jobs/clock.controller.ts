import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { parseInstant } from '../domain/calendar.js';
import { Allow } from '../platform/http/access.decorators.js';
import { KeepsAnswer } from '../platform/http/kept-answer.interceptor.js';
import { Advanced, ClockAdvance, ClockAnswer } from './clock.dto.js';
import { TimeTravel } from './time-travel.js';

@Controller('v1/clock')
export class ClockController {
  constructor(private readonly time: TimeTravel) {}

  @Get()
  @Allow('clock.manage', 'own-transaction')
  read(): ClockAnswer {
    return this.time.read();
  }

  /** Answers when all that falls due on the way is done and its mails are handed over. */
  @Post('advance')
  @HttpCode(200)
  @Allow('clock.manage', 'own-transaction')
  @KeepsAnswer()
  advance(@Body() { to }: ClockAdvance): Promise<Advanced> {
    return this.time.advance(parseInstant(to)!);
  }
}
