import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { Database } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';
import { replyOf, requestOf } from '../http/request.js';
import { pageText, type PageAnswer, type Rendering } from './page.js';

/**
 * Opens the transaction of a page, and sends what was written. A page that is only looked at is read from one snapshot. A form
 * is taken in a transaction that writes. There each statement sees what others have committed meanwhile, so the page after it
 * is read from a snapshot of its own.
 */
@Injectable()
export class PageInterceptor implements NestInterceptor<PageAnswer | Rendering, string> {
  constructor(private readonly database: Database) {}

  intercept(context: ExecutionContext, next: CallHandler<PageAnswer | Rendering>): Observable<string> {
    return from(this.#answered(context, next).then((page) => pageText(replyOf(context), page)));
  }

  async #answered(context: ExecutionContext, next: CallHandler<PageAnswer | Rendering>): Promise<PageAnswer> {
    const request = requestOf(context);
    const work = (tx: Transaction): Promise<PageAnswer | Rendering> => {
      request.tx = tx;
      return lastValueFrom(next.handle());
    };
    const looksOnly = request.method === 'GET' || request.method === 'HEAD';
    const answered = await (looksOnly ? this.database.read(work) : this.database.write(work));
    return typeof answered === 'function' ? this.database.read(answered) : answered;
  }
}
