import { escapeHtml } from '@kitajs/html';
import type { Language } from '../../domain/language.js';
import type { Refusal } from '../../domain/refusal.js';
import type { SeatAnswer } from '../../features/learning/seat.dto.js';
import { Field } from '../../platform/pages/fields.js';
import { say } from '../../platform/sentences.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { ActionForm } from '../parts/action-form.js';
import { Moment } from '../parts/day-time.js';
import { formShown } from '../parts/fields.js';
import { Badge, Empty, Panel } from '../parts/layout.js';
import { RefusalNotice } from '../parts/refusal.js';
import { dayText } from '../words/formats.js';
import { ownPage } from './own-parts.js';
import type { OwnSubscriptions } from './own.service.js';

export const seatWords = {
  en: {
    title: 'Learning seats',
    inUse: '{used, number} of {max, number} seats in use',
    about:
      'A seat gives one person access to Advantage Learning until {endsOn}. You can release a seat and assign it again.',
    none: 'No seat is in use. Assign the first one below.',
    since: 'Since',
    release: 'Release the seat',
    released: 'The seat of {learner} is free again.',
    assign: 'Assign a seat',
    name: 'Name',
    email: 'E-mail address',
    assigned: '{learner} has a learning seat now.',
    full: 'All seats are in use. Release one to assign it to somebody else.',
    past: 'Earlier seats',
    status: '{status, select, released {Released} expired {Expired} other {In use}}',
  },
  ja: {
    title: '受講ライセンス',
    inUse: '{max, number}名分のうち{used, number}名分をご利用中',
    about:
      '受講ライセンス1つにつき1名が、{endsOn}までオンライン学習を利用できます。解除したライセンスは、別の方に割り当てられます。',
    none: '割り当て中の受講ライセンスはありません。下のフォームから割り当ててください。',
    since: '割り当て日時',
    release: '割り当てを解除する',
    released: '{learner} 様への割り当てを解除しました。',
    assign: '受講ライセンスを割り当てる',
    name: 'お名前',
    email: 'メールアドレス',
    assigned: '{learner} 様に受講ライセンスを割り当てました。',
    full: 'すべての受講ライセンスが割り当て済みです。別の方に割り当てるには、いずれかを解除してください。',
    past: '過去の割り当て',
    status: '{status, select, released {解除済み} expired {失効} other {利用中}}',
  },
} as const satisfies Record<Language, Record<string, string>>;

/** The seats of the present term, with a form to assign one; a released seat can be assigned again. */
export function ownSeatsPage(
  own: OwnSubscriptions,
  seats: readonly SeatAnswer[],
  reader: PageReader,
  typed: Readonly<Record<string, string>> = {},
  refusal?: Refusal,
): ShownPage {
  const { language } = reader;
  const words = seatWords[language];
  const { balance, currentTerm, status } = own.chosen;
  const present = seats.filter((seat) => seat.status === 'in-use');
  const past = seats.filter((seat) => seat.status !== 'in-use');
  const isActive = status === 'active';
  const form = formShown(reader, typed, refusal);
  const main = (
    <>
      <RefusalNotice refusal={refusal} reader={reader} />
      <Panel id="seats" title={say(words.inUse, language, { used: balance.seats.used, max: balance.seats.max })}>
        <p class="soft" safe>
          {say(words.about, language, { endsOn: dayText(currentTerm.endsOn, language) })}
        </p>
        {present.length === 0 && <Empty text={words.none} />}
        <ul class="own-seats">
          {present.map((seat) => (
            <li class="row apart">
              <Learner seat={seat} reader={reader} />
              {isActive && (
                <ActionForm reader={reader} action={`/console/own/seats/${seat.id}/release`}>
                  <button type="submit" class="quiet" aria-describedby={`seat-${seat.id}`}>
                    {words.release}
                  </button>
                </ActionForm>
              )}
            </li>
          ))}
        </ul>
      </Panel>
      {isActive && (
        <Panel id="assign" title={words.assign}>
          {balance.seats.used >= balance.seats.max ? (
            <p>{words.full}</p>
          ) : (
            <ActionForm reader={reader} action={`/console/own/seats?subscriptionId=${own.chosen.id}`}>
              <div class="fields">
                <Field form={form} field={{ name: 'learnerName', label: words.name, required: true, maxLength: 200 }} />
                <Field
                  form={form}
                  field={{ name: 'learnerEmail', label: words.email, type: 'email', required: true, maxLength: 254 }}
                />
              </div>
              <button type="submit">{words.assign}</button>
            </ActionForm>
          )}
        </Panel>
      )}
      {past.length > 0 && (
        <details>
          <summary>{words.past}</summary>
          <ul class="own-seats">
            {past.map((seat) => (
              <li class="row apart">
                <Learner seat={seat} reader={reader} />
                <Badge text={say(words.status, language, { status: seat.status })} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
  return ownPage({ title: words.title, own, path: '/seats', main }, reader);
}

const Learner = ({ seat, reader }: { seat: SeatAnswer; reader: PageReader }): JSX.Element => (
  <div id={`seat-${seat.id}`}>
    <p>
      <strong safe>{seat.learnerName}</strong>
    </p>
    <p class="soft">{escapeHtml(seat.learnerEmail)}</p>
    <p class="soft">
      {seatWords[reader.language].since} <Moment at={seat.assignedAt} reader={reader} />
    </p>
  </div>
);
