import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { readPackages } from '../../src/domain/package.js';
import { PackageService } from '../../src/features/packages/package.service.js';
import { DeclineLinks } from '../../src/features/notices/decline-link.js';
import type { ConsoleLinks } from '../../src/features/subscriptions/console-links.service.js';
import { HandOverMailWriter } from '../../src/features/subscriptions/hand-over-mail.writer.js';
import { RenewalMailWriter } from '../../src/features/renewals/letters/renewal-mail.writer.js';
import { RenewalStore } from '../../src/features/renewals/renewal.store.js';
import { NudgeMailWriter } from '../../src/features/nudges/nudge-mail.writer.js';
import { SignInMailWriter } from '../../src/features/sign-in/sign-in-mail.writer.js';
import { LinkTokens } from '../../src/features/sign-in/sign-in-secrets.js';
import { UsageMailWriter } from '../../src/features/usage/usage-mail.writer.js';
import type { BurnDownService } from '../../src/features/balances/burn-down.service.js';
import { readConfig } from '../../src/platform/settings/config.js';
import type { Transaction } from '../../src/platform/database/transaction.js';
import type { Language } from '../../src/domain/language.js';
import type { MailQueue } from '../../src/platform/mail/mail-queue.js';
import type {
  AboutPortfolio,
  AboutReport,
  AboutTerm,
  AboutUser,
  QueuedMail,
} from '../../src/platform/mail/mail.store.js';
import type { MailContent, MailWriter } from '../../src/platform/mail/mail-writer.js';
import { projectPath } from '../../src/platform/project-root.js';
import { burnDownOf, recipients, renewalSamples, type Sample } from './samples.js';
import { reportSamples, reportWriter } from './report-samples.js';
import { handOverSamples } from './hand-over-samples.js';
import { nudgeSamples } from './nudge-samples.js';
import { signInSamples } from './sign-in-samples.js';
import { usageSamples } from './usage-samples.js';

/** A sample as the service would send it. */
export interface WrittenSample {
  name: string;
  language: Language;
  mail: QueuedMail;
  content: MailContent;
}

/** The sender of the samples. */
export const sender = { name: 'TRM Desk', address: 'trm@vendor.example' };

const config = readConfig({
  MAIL_FROM: `${sender.name} <${sender.address}>`,
  PUBLIC_URL: 'https://trm.vendor.example',
  SECRET_KEY: 'samples-are-signed-with-a-key-of-nobody',
});

/** The writers only register with the queue. */
const queue = { writtenBy: () => undefined } as unknown as MailQueue;

/** The customer's contact can sign in, and the CSM of the samples cannot. */
const consoleLinks = {
  linkFor: async (
    _tx: unknown,
    { recipientRole, subscriptionId }: { recipientRole: string; subscriptionId: string },
  ) => (recipientRole === 'customer' ? `${config.publicUrl}/console/own?subscriptionId=${subscriptionId}` : undefined),
} as unknown as ConsoleLinks;

/** The rooms that write mails. A room that gets mails of its own adds its writer and its samples here. */
export const rooms: readonly { writer: MailWriter; samples: (language: Language) => Sample[] }[] = [
  { writer: renewalWriter(), samples: renewalSamples },
  { writer: new UsageMailWriter(queue, consoleLinks, config), samples: usageSamples },
  { writer: reportWriter(queue, config), samples: reportSamples },
  { writer: new NudgeMailWriter(queue), samples: nudgeSamples },
  { writer: new HandOverMailWriter(queue, packages()), samples: handOverSamples },
  { writer: new SignInMailWriter(queue, new LinkTokens(config), config), samples: signInSamples },
];

/** Writes every sample in both languages, with the writers of the service. */
export async function writtenSamples(): Promise<WrittenSample[]> {
  const written: WrittenSample[] = [];
  for (const { writer, samples } of rooms) {
    for (const language of ['ja', 'en'] as const) {
      for (const sample of samples(language)) {
        const mail = queued(sample, language);
        // The service reads the facts of a mail from the database as JSON, so the samples are turned into JSON and back too.
        const facts = JSON.parse(JSON.stringify(mail.facts)) as object;
        const content = await contentBy(writer, { ...mail, facts });
        written.push({ name: sample.name, language, mail, content });
      }
    }
  }
  return written;
}

/** The content of a mail. Its writer needs no transaction, because the sample contains all facts. */
export async function contentBy(writer: MailWriter, mail: QueuedMail): Promise<MailContent> {
  const written = await writer.write(undefined as unknown as Transaction, mail);
  return typeof written === 'function' ? written() : written;
}

function queued({ kind, role, queuedAt, facts }: Sample, language: Language): QueuedMail {
  const { name, address } = recipients[language][role];
  const id = '01a0b5c2-7d3e-7f10-9a4b-000000000001';
  return {
    id,
    kind,
    ...aboutOf(role),
    occasion: '',
    recipientName: name,
    recipientAddress: address,
    locale: language,
    messageId: `${id}@vendor.example`,
    facts,
    validUntil: null,
    queuedAt: new Date(queuedAt),
    leavesAt: new Date(queuedAt),
  };
}

function aboutOf(role: Sample['role']): AboutTerm | AboutReport | AboutPortfolio | AboutUser {
  switch (role) {
    case 'reader':
      return { reportScheduleId: '01a0b5c2-7d3e-7f10-9a4b-000000000004', recipientRole: role };
    case 'portfolio':
      return { userId: '01a0b5c2-7d3e-7f10-9a4b-000000000005', recipientRole: 'csm' };
    case 'user':
      return { userId: '01a0b5c2-7d3e-7f10-9a4b-000000000005', recipientRole: role };
    default:
      return {
        subscriptionId: '01a0b5c2-7d3e-7f10-9a4b-000000000002',
        termId: '01a0b5c2-7d3e-7f10-9a4b-000000000003',
        recipientRole: role,
      };
  }
}

function packages(): PackageService {
  return new PackageService(readPackages(parse(readFileSync(projectPath('config', 'packages.yaml'), 'utf8'))));
}

function renewalWriter(): RenewalMailWriter {
  const burnDowns: Pick<BurnDownService, 'burnDownThen'> = {
    burnDownThen: async (_tx, { anchorOn, number }, _lastSequence, asOf) => burnDownOf(anchorOn, number, asOf),
  };
  return new RenewalMailWriter(
    queue,
    packages(),
    new RenewalStore(),
    burnDowns as BurnDownService,
    new DeclineLinks(config),
    consoleLinks,
    config,
  );
}
