import { parties } from '../../domain/notice.js';
import type { Refusal } from '../../domain/refusal.js';
import { Field, type FormShown } from '../../platform/pages/fields.js';
import { say } from '../../platform/sentences.js';
import type { NoticePreview } from '../../features/notices/notice.dto.js';
import { channels } from '../../features/notices/notice.js';
import type { SubscriptionName } from '../../features/subscriptions/contract.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { ActionForm } from '../parts/action-form.js';
import { Choice, formShown } from '../parts/fields.js';
import { RefusalNotice } from '../parts/refusal.js';
import { dayText, momentText } from '../words/formats.js';
import { noticesWords } from './notices.words.js';

/** Asks for which subscription a notice has arrived. */
export function chooseNoticePage(reader: PageReader, subscriptions: readonly SubscriptionName[]): ShownPage {
  const words = noticesWords[reader.language];
  return {
    title: words.record,
    main: (
      <>
        <h1>{words.record}</h1>
        <form method="get" action="/console/notices/new" class="panel narrow">
          <Choice
            name="subscription"
            label={words.subscription}
            form={formShown(reader)}
            required
            empty={words.choose}
            options={subscriptions.map(({ id, customer, contractNumber }) => ({
              value: id,
              text: [customer, contractNumber].filter(Boolean).join(' · '),
            }))}
          />
          <button type="submit">{words.goOn}</button>
        </form>
      </>
    ),
  };
}

/** The form of a received notice. `Check` says whether the receipt is in time and what follows; only then is it recorded. */
export function newNoticePage({
  reader,
  subscription,
  typed,
  preview,
  refusal,
}: {
  reader: PageReader;
  subscription: SubscriptionName;
  typed: Readonly<Record<string, string>>;
  preview?: NoticePreview | undefined;
  refusal?: Refusal | undefined;
}): ShownPage {
  const { language } = reader;
  const words = noticesWords[language];
  const form = formShown(reader, { party: 'customer', channel: 'email', ...typed }, refusal);
  return {
    title: words.record,
    main: (
      <>
        <h1>{words.record}</h1>
        <p>
          <a href={`/console/subscriptions/${subscription.id}/renewal`} safe>
            {[subscription.customer, subscription.contractNumber].filter(Boolean).join(' · ')}
          </a>
        </p>
        <RefusalNotice refusal={refusal} reader={reader} />
        <ActionForm reader={reader} action="/console/notices/new" class="panel narrow">
          <input type="hidden" name="subscription" value={subscription.id} />
          <Fields form={form} reader={reader} subscription={subscription} />
          {preview !== undefined && <Preview preview={preview} subscription={subscription} language={language} />}
          <p class="row">
            <button type="submit" name="step" value="check" class={preview === undefined ? undefined : 'quiet'}>
              {words.check}
            </button>
            <button type="submit" name="step" value="record" class={preview === undefined ? 'quiet' : undefined}>
              {words.recordVerb}
            </button>
          </p>
        </ActionForm>
      </>
    ),
  };
}

function Fields({
  form,
  reader: { language },
  subscription: { timeZone },
}: {
  form: FormShown;
  reader: PageReader;
  subscription: SubscriptionName;
}): JSX.Element {
  const words = noticesWords[language];
  return (
    <>
      <div class="fields">
        <Choice
          name="party"
          label={words.party}
          form={form}
          options={parties.map((value) => ({ value, text: words.parties[value] }))}
        />
        <Choice
          name="channel"
          label={words.channel}
          form={form}
          options={channels.map((value) => ({ value, text: words.channels[value] }))}
        />
      </div>
      <Field
        form={form}
        field={{ name: 'signedBy', label: words.signedBy, hint: words.signedByHint, required: true, maxLength: 200 }}
      />
      <p class="hint">{words.receivedHint}</p>
      <div class="fields">
        <Field form={form} field={{ name: 'receivedOn', label: words.receivedOn, type: 'date', maxLength: 10 }} />
        <Field
          form={form}
          field={{
            name: 'receivedTime',
            label: say(words.receivedTime, language, { timeZone }),
            type: 'time',
            maxLength: 5,
          }}
        />
      </div>
      <tag of="file-hash" data-label={words.chooseFile}>
        <Field
          form={form}
          field={{ name: 'documentSha256', label: words.document, hint: words.documentHint, maxLength: 64 }}
        />
      </tag>
      <Field form={form} field={{ name: 'note', label: words.note, lines: 'many', maxLength: 2000 }} />
    </>
  );
}

/** Whether the receipt is in time, by the same rules that will record it. */
function Preview({
  preview: { effective, reason, startsOn, endsOn, noticeDeadline, deadlineZone, receivedAt },
  subscription: { timeZone },
  language,
}: {
  preview: NoticePreview;
  subscription: SubscriptionName;
  language: PageReader['language'];
}): JSX.Element {
  const words = noticesWords[language];
  const sentence = effective ? words.inTime : reason === 'late' ? words.late : words.afterRollOver;
  const values = {
    receivedAt: momentText(receivedAt, timeZone, language),
    deadline: dayText(noticeDeadline, language),
    timeZone: deadlineZone,
    startsOn: dayText(startsOn, language),
    endsOn: dayText(endsOn, language),
  };
  return (
    <div class={effective ? 'notice good' : 'notice warn'} role="status">
      <p>
        <strong>{words.preview}</strong>
      </p>
      <p safe>{say(sentence, language, values)}</p>
      <p class="soft" safe>
        {say(words.term, language, values)}
      </p>
    </div>
  );
}
