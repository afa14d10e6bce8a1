import { scopeOf } from '../../domain/access.js';
import type { Refusal } from '../../domain/refusal.js';
import type { CreatedToken } from '../../features/people/people.dto.js';
import { Field, type FormShown } from '../../platform/pages/fields.js';
import { say } from '../../platform/sentences.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { ActionForm } from '../parts/action-form.js';
import { DataTable } from '../parts/data-table.js';
import { Check, Choice, formShown } from '../parts/fields.js';
import { Panel } from '../parts/layout.js';
import { RefusalNotice } from '../parts/refusal.js';
import { dayText } from '../words/formats.js';
import { SessionsPanel, TokensPanel } from './access-panels.js';
import type { ProfileFacts } from './profile.service.js';
import { profileWords } from './profile.words.js';
import { timeZoneOptions } from './time-zones.js';

export type ProfileForm = 'settings' | 'deputies' | 'tokens';

/** A form that was refused, as it was typed. */
export interface RefusedAccountForm<Name extends string> {
  /** Undefined if a button without fields was refused. */
  name: Name | undefined;
  typed: Readonly<Record<string, string>>;
  refusal: Refusal;
}

const base = '/console/profile';

/** The page of one's own account: settings, deputies, sessions and tokens. */
export function profilePage(
  facts: ProfileFacts,
  reader: PageReader,
  { refused, created }: { refused?: RefusedAccountForm<ProfileForm>; created?: CreatedToken } = {},
): ShownPage {
  const { language } = reader;
  const words = profileWords[language];
  const formOf = (name: ProfileForm, defaults: Readonly<Record<string, string>> = {}): FormShown =>
    refused?.name === name ? formShown(reader, refused.typed, refused.refusal) : formShown(reader, defaults);
  return {
    title: words.title,
    main: (
      <>
        <h1>{words.title}</h1>
        <RefusalNotice refusal={refused?.refusal} reader={reader} />
        <SettingsPanel
          facts={facts}
          reader={reader}
          form={formOf('settings', {
            locale: facts.me.locale ?? '',
            timeZone: facts.me.timeZone ?? '',
            nudges: String(facts.me.nudges),
            shortcuts: String(facts.me.shortcuts),
          })}
        />
        {facts.deputies !== undefined && (
          <DeputiesPanel
            deputies={facts.deputies}
            standIn={facts.me.deputyFor}
            reader={reader}
            form={formOf('deputies')}
          />
        )}
        <SessionsPanel sessions={facts.sessions} base={base} reader={reader} />
        <TokensPanel tokens={facts.tokens} created={created} base={base} form={formOf('tokens')} reader={reader} />
      </>
    ),
  };
}

function SettingsPanel({
  facts: { me, houseTimeZone },
  reader,
  form,
}: {
  facts: ProfileFacts;
  reader: PageReader;
  form: FormShown;
}): JSX.Element {
  const words = profileWords[reader.language];
  return (
    <Panel id="settings" title={words.settings}>
      <ActionForm reader={reader} action={`${base}/settings`}>
        <input type="hidden" name="version" value={String(me.version)} />
        <div class="fields">
          <Choice
            name="locale"
            label={words.locale}
            hint={words.localeHint}
            empty={words.noLocale}
            options={[
              { value: 'en', text: 'English' },
              { value: 'ja', text: '日本語' },
            ]}
            form={form}
          />
          <Choice
            name="timeZone"
            label={words.timeZone}
            hint={words.timeZoneHint}
            empty={say(words.houseZone, reader.language, { timeZone: houseTimeZone })}
            options={timeZoneOptions(me.timeZone)}
            form={form}
          />
        </div>
        <Check name="shortcuts" label={words.shortcuts} form={form} />
        {getsNudges(reader) && <Check name="nudges" label={words.nudges} form={form} />}
        <button type="submit">{words.save}</button>
      </ActionForm>
    </Panel>
  );
}

/** Whether the role of the reader gets nudges at all. */
export const getsNudges = ({ actor }: PageReader): boolean => scopeOf('today.read', actor.role) !== 'never';

function DeputiesPanel({
  deputies: { named, possible },
  standIn,
  reader,
  form,
}: {
  deputies: NonNullable<ProfileFacts['deputies']>;
  standIn: ProfileFacts['me']['deputyFor'];
  reader: PageReader;
  form: FormShown;
}): JSX.Element {
  const { language } = reader;
  const words = profileWords[language];
  return (
    <Panel id="deputies" title={words.deputies}>
      <p class="soft" safe>
        {say(words.deputiesIntro, language, { timeZone: named.timeZone })}
      </p>
      {named.deputies.length === 0 ? (
        <p>{words.noDeputies}</p>
      ) : (
        <DataTable
          caption={words.deputies}
          rows={named.deputies}
          columns={[
            { heading: words.deputy, cell: ({ name }) => <span safe>{name}</span> },
            { heading: words.from, cell: ({ from }) => <span safe>{dayText(from, language)}</span> },
            { heading: words.to, cell: ({ to }) => <span safe>{dayText(to, language)}</span> },
            {
              heading: words.action,
              cell: ({ userId, from, to }) => (
                <ActionForm reader={reader} action={`${base}/deputies/removal`} class="inline">
                  <input type="hidden" name="version" value={String(named.version)} />
                  <input type="hidden" name="userId" value={userId} />
                  <input type="hidden" name="from" value={from} />
                  <input type="hidden" name="to" value={to} />
                  <button type="submit" class="link">
                    {words.removeDeputy}
                  </button>
                </ActionForm>
              ),
            },
          ]}
        />
      )}
      <ActionForm reader={reader} action={`${base}/deputies`}>
        <input type="hidden" name="version" value={String(named.version)} />
        <div class="fields">
          <Choice
            name="userId"
            label={words.deputy}
            empty={words.choose}
            required
            options={possible.map(({ id, name }) => ({ value: id, text: name }))}
            form={form}
          />
          <Field field={{ name: 'from', label: words.from, type: 'date', maxLength: 10, required: true }} form={form} />
          <Field field={{ name: 'to', label: words.to, type: 'date', maxLength: 10, required: true }} form={form} />
        </div>
        <button type="submit" class="quiet">
          {words.addDeputy}
        </button>
      </ActionForm>
      {standIn.length > 0 && (
        <>
          <h3>{words.standIn}</h3>
          <ul>
            {standIn.map(({ name, from, to }) => (
              <li safe>
                {say(words.standInLine, language, {
                  name,
                  from: dayText(from, language),
                  to: dayText(to, language),
                })}
              </li>
            ))}
          </ul>
        </>
      )}
    </Panel>
  );
}
