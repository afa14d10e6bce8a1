import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { Database, type Transaction } from '../database.js';
import { replyOf, requestOf } from '../http/request.js';
import { pageText, type PageAnswer } from './page.js';

/** Opens the transaction of a page, read only for one that is only looked at, and sends what was written. */
@Injectable()
export class PageInterceptor implements NestInterceptor<PageAnswer, string> {
  constructor(private readonly database: Database) {}

  intercept(context: ExecutionContext, next: CallHandler<PageAnswer>): Observable<string> {
    const request = requestOf(context);
    const work = (tx: Transaction): Promise<PageAnswer> => {
      request.tx = tx;
      return lastValueFrom(next.handle());
    };
    const looksOnly = request.method === 'GET' || request.method === 'HEAD';
    const answered = looksOnly ? this.database.read(work) : this.database.write(work);
    return from(answered.then((page) => pageText(replyOf(context), page)));
  }
}
