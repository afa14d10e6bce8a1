import { Injectable } from '@nestjs/common';
import { scopeOf } from '../../domain/access.js';
import { addDays } from '../../domain/calendar.js';
import { Refusal } from '../../domain/refusal.js';
import { isUpgrade, packageCodes, packageOn, type PackageVersion } from '../../domain/package.js';
import type { NoticeAnswer } from '../../features/notices/notice.dto.js';
import { NoticeService } from '../../features/notices/notice.service.js';
import { PackageService } from '../../features/packages/package.service.js';
import type { ReminderAnswer } from '../../features/renewals/renewal.dto.js';
import { ReminderService } from '../../features/renewals/reminder.service.js';
import { RenewalChanges } from '../../features/subscriptions/renewal-changes.js';
import type { WhatIfAnswer } from '../../features/what-if/what-if.dto.js';
import { WhatIfService } from '../../features/what-if/what-if.service.js';
import type { Transaction } from '../../platform/database/transaction.js';
import type { PageReader } from '../page/console-page.js';
import { SubscriptionHeads, type SubscriptionHead } from './subscription.head.js';

/** What the section about a renewal shows. */
export interface Renewal {
  head: SubscriptionHead;
  mails: ReminderAnswer[];
  notices: NoticeAnswer[];
  /** The package and the term that follow, unless the renewal is declined. */
  next: { package: PackageVersion; startsOn: string };
  /** The packages to which the term could be upgraded. Empty if the reader may not upgrade. */
  upgrades: PackageVersion[];
  /** All packages that the next term could have. */
  packages: PackageVersion[];
  /** The figures before and after an upgrade that is considered. */
  preview: UpgradePreview | null;
  /** Why the upgrade that is considered is impossible. */
  previewRefusal: Refusal | undefined;
}

export interface UpgradePreview {
  before: WhatIfAnswer;
  after: WhatIfAnswer;
  package: PackageVersion;
  on: string;
}

/** An upgrade that is considered, and not recorded. */
export interface UpgradeConsidered {
  upgradeTo?: PackageVersion['code'];
  upgradeOn?: string;
}

const mostMails = 200;

/** Reads what the section about a renewal shows. */
@Injectable()
export class RenewalPageService {
  constructor(
    private readonly heads: SubscriptionHeads,
    private readonly reminders: ReminderService,
    private readonly notices: NoticeService,
    private readonly changes: RenewalChanges,
    private readonly packages: PackageService,
    private readonly whatIfs: WhatIfService,
  ) {}

  /** @throws Refusal `not-found` */
  async read(tx: Transaction, reader: PageReader, id: string, considered: UpgradeConsidered = {}): Promise<Renewal> {
    const { actor } = reader;
    const head = await this.heads.read(tx, reader, id);
    const { contract, term, today } = head;
    const mails = await this.reminders.list(tx, actor, id, { limit: mostMails });
    const notices = await this.notices.list(tx, actor, id, { limit: mostMails });
    const startsOn = addDays(term.endsOn, 1);
    const present = term.periods.at(-1)!.package;
    const offeredOn = (day: string): PackageVersion[] =>
      packageCodes.flatMap((code) => packageOn(this.packages.table, code, day) ?? []);
    const mayUpgrade = scopeOf('upgrades.write', actor.role) !== 'never' && contract.status === 'active';
    return {
      head,
      mails: mails.data,
      notices: notices.data,
      next: { package: this.changes.renewsAs(contract, {}).before, startsOn },
      upgrades: mayUpgrade && today >= term.startsOn ? offeredOn(today).filter((to) => isUpgrade(present, to)) : [],
      packages: offeredOn(startsOn),
      ...(await this.#preview(tx, reader, head, considered)),
    };
  }

  /** Judged like the real upgrade, from the snapshot of the page. A refusal is part of the page. */
  async #preview(
    tx: Transaction,
    { actor }: PageReader,
    { id, today }: SubscriptionHead,
    { upgradeTo, upgradeOn: on = today }: UpgradeConsidered,
  ): Promise<Pick<Renewal, 'preview' | 'previewRefusal'>> {
    if (upgradeTo === undefined) return { preview: null, previewRefusal: undefined };
    try {
      const before = await this.whatIfs.answer(tx, actor, id, {});
      const after = await this.whatIfs.answer(tx, actor, id, { upgrade: { package: upgradeTo, on } });
      const preview = { before, after, package: packageOn(this.packages.table, upgradeTo, on)!, on };
      return { preview, previewRefusal: undefined };
    } catch (error) {
      if (error instanceof Refusal) return { preview: null, previewRefusal: error };
      throw error;
    }
  }
}
