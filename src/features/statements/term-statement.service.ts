import { Injectable, StreamableFile } from '@nestjs/common';
import { visibilityOf, type Actor } from '../../domain/access.js';
import { dayAt } from '../../domain/calendar.js';
import { Refusal } from '../../domain/refusal.js';
import { Clock } from '../../platform/clock.js';
import { Config } from '../../platform/settings/config.js';
import { Database } from '../../platform/database/database.js';
import type { Transaction } from '../../platform/database/transaction.js';
import type { Language } from '../../domain/language.js';
import { oneLine } from '../../platform/mail/mail-words.js';
import { say } from '../../platform/sentences.js';
import { Snapshot, type CopiedRow } from '../../platform/database/snapshot.js';
import { CustomerService } from '../customers/customer.service.js';
import { BalanceService } from '../balances/balance.service.js';
import { ContractService } from '../subscriptions/contract.service.js';
import { termNamed } from '../subscriptions/term-answer.js';
import { snapshotBody } from '../../platform/database/snapshot-body.js';
import type { StatedWork, TermStatement } from './term-statement.js';
import { termStatementPdf } from './term-statement.pdf.js';
import { factsOfTerm, statedWork, workOfTerm } from './term-statement.store.js';
import { termStatementWords } from './term-statement.words.js';

/** Makes usage statements of a term for customers to file: balance, pace and every entry. */
@Injectable()
export class TermStatementService {
  constructor(
    private readonly database: Database,
    private readonly contracts: ContractService,
    private readonly balances: BalanceService,
    private readonly customers: CustomerService,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /**
   * The statement as a PDF from one snapshot, in the customer's language or another.
   * @throws Refusal `not-found`, `too-many-reports`, `reports-busy`, `database-unavailable`
   */
  async file(actor: Actor, termId: string, language?: Language): Promise<StreamableFile> {
    const snapshot = await Snapshot.take(this.database, actor.userId);
    try {
      const statement = await snapshot.read((tx) => this.#statement(tx, actor, termId, language));
      const work = statedIn(await snapshot.rows(workOfTerm(statement.subscriptionId, termId)));
      return new StreamableFile(snapshotBody(snapshot, termStatementPdf(statement, work), this.config.httpLimits), {
        type: 'application/pdf',
        disposition: dispositionOf(statement),
      });
    } catch (error) {
      await snapshot.endRefused(error);
      throw error;
    }
  }

  /**
   * The day of the statement: today; the last day of a term that is over; the first day of a term that has not begun.
   */
  async #statement(tx: Transaction, actor: Actor, termId: string, asked?: Language): Promise<TermStatement> {
    const visibility = visibilityOf(actor, 'reports.usage');
    const contract = await this.contracts.seeByTerm(tx, visibility, termId);
    // An annulled contract is not shown to a customer (§14).
    if (contract.annulment) throw new Refusal('not-found');
    const { subscriptionId } = contract;
    const customer = await this.customers.read(tx, actor, contract.customerId);
    const { startsOn, endsOn, periods, topUps, status } = termNamed(contract, termId);
    const language = asked ?? customer.locale;
    const issuedAt = this.clock.now();
    const issuedOn = dayAt(issuedAt, contract.timeZone);
    const asOf = issuedOn < startsOn ? startsOn : issuedOn > endsOn ? endsOn : issuedOn;
    const balance = await this.balances.balance(tx, actor, subscriptionId, asOf);
    const { identity, expiredSeats } = await factsOfTerm(tx, termId);
    // The seats of a closed term have expired. The statement counts those in use until then.
    const seats = { ...balance.seats, used: balance.seats.used + expiredSeats };
    return {
      language,
      vendor: this.config.mailFrom.name,
      customerName: customer.name,
      timeZone: contract.timeZone,
      subscriptionId,
      identity,
      startsOn,
      endsOn,
      packages: periods.map(({ package: sold, effectiveOn }) => ({ name: sold.name[language], effectiveOn })),
      topUps: topUps.filter(({ effectiveOn }) => effectiveOn <= asOf),
      closed: status === 'closed',
      issuedAt,
      issuedOn,
      balance: { ...balance, seats },
      months: (await this.balances.burnDown(tx, actor, subscriptionId, termId)).months,
    };
  }
}

async function* statedIn(batches: AsyncIterable<readonly CopiedRow[]>): AsyncGenerator<readonly StatedWork[]> {
  for await (const rows of batches) yield rows.map(statedWork);
}

/** A file name in Unicode, and one in ASCII for clients that need it. */
function dispositionOf({ language, customerName, startsOn, endsOn }: TermStatement): string {
  const words = { customer: oneLine(customerName), from: startsOn, to: endsOn };
  const name = say(termStatementWords[language].fileName, language, words).replace(/[\\/:*?"<>|]/g, '_');
  const encoded = encodeURIComponent(`${name}.pdf`).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  return `attachment; filename="usage-statement_${startsOn}_${endsOn}.pdf"; filename*=UTF-8''${encoded}`;
}
