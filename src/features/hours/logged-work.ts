import { Injectable, type OnModuleInit } from '@nestjs/common';
import { VisitEntrySources } from '../onsite/visit-entries.js';
import { LastWorkDays } from '../subscriptions/last-work-day.js';
import { TimeEntryStore } from './time-entry.store.js';

/** Answers what earlier rooms ask about logged work. */
@Injectable()
export class LoggedWork implements OnModuleInit {
  constructor(
    private readonly lastWorkDays: LastWorkDays,
    private readonly visitEntrySources: VisitEntrySources,
    private readonly entries: TimeEntryStore,
  ) {}

  onModuleInit(): void {
    this.lastWorkDays.register('hours', (tx, term, productLineIds) =>
      this.entries.lastWorkDayBeside(tx, term, productLineIds),
    );
    this.visitEntrySources.register('hours', (tx, visitId) => this.entries.ofVisit(tx, visitId));
  }
}
