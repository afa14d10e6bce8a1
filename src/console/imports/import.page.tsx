import { escapeHtml } from '@kitajs/html';
import type { Refusal } from '../../domain/refusal.js';
import { say } from '../../platform/sentences.js';
import { Field } from '../../platform/pages/fields.js';
import { mapNames } from '../../features/imports/files/import-maps.js';
import { ActionForm } from '../parts/action-form.js';
import { Moment } from '../parts/day-time.js';
import { formShown } from '../parts/fields.js';
import { Facts, Panel } from '../parts/layout.js';
import { RefusalNotice } from '../parts/refusal.js';
import { minutesText, numberText } from '../words/formats.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { Progress, StatusBadge } from './imports.page.js';
import type { OneImport } from './imports.service.js';
import { words } from './imports.words.js';

/** One import: its counts and, as long as its entries stand, the form that undoes it. */
export function importPage(
  { kept, undoneBy }: OneImport,
  reader: PageReader,
  again: { typed?: Readonly<Record<string, string>>; refusal?: Refusal },
): ShownPage {
  const { language } = reader;
  const text = words[language];
  const { status, undo } = kept;
  const title = kept.fileName ?? text.unnamed;
  const program = mapNames.find((name) => name === kept.map);
  const number = (value: number): JSX.Element => escapeHtml(numberText(value, language));
  return {
    title,
    main: (
      <>
        <p>
          <a href="/console/imports">{text.all}</a>
        </p>
        <div class="row titled">
          <h1 safe>{title}</h1>
          <StatusBadge status={status} language={language} />
        </div>
        {status === 'interrupted' && <p class="notice bad">{text.interrupted}</p>}
        <Panel id="counts" title={text.hours}>
          <p class="row">
            <span class="largest" safe>
              {minutesText(kept.minutes, language)}
            </span>
            <span class="soft" safe>
              {say(text.booked, language, { accepted: kept.accepted })}
            </span>
          </p>
          {status === 'running' && <Progress running={[kept]} reader={reader} />}
          <Facts
            facts={[
              { name: text.accepted, value: number(kept.accepted) },
              { name: text.present, value: number(kept.present) },
              { name: text.refused, value: number(kept.refused) },
              { name: text.name, value: escapeHtml(program ? text.programs[program] : text.own) },
              { name: text.who, value: escapeHtml(kept.startedByName ?? '') },
              { name: text.when, value: <Moment at={kept.startedAt} reader={reader} /> },
              ...(undo
                ? [
                    {
                      name: text.undone,
                      value: escapeHtml(
                        say(text.undoneText, language, {
                          by: undoneBy ?? '',
                          reversed: undo.reversed,
                          reason: undo.reason,
                        }),
                      ),
                    },
                  ]
                : []),
            ]}
          />
        </Panel>
        {status !== 'undone' && kept.accepted > 0 && <Undo kept={kept} reader={reader} again={again} />}
      </>
    ),
  };
}

function Undo({
  kept: { id, undo },
  reader,
  again,
}: {
  kept: OneImport['kept'];
  reader: PageReader;
  again: { typed?: Readonly<Record<string, string>>; refusal?: Refusal };
}): JSX.Element {
  const text = words[reader.language];
  const form = formShown(reader, again.typed ?? { reason: undo?.reason ?? '' }, again.refusal);
  return (
    <Panel id="undo" title={text.undoTitle}>
      <RefusalNotice refusal={again.refusal?.errors ? undefined : again.refusal} reader={reader} />
      <p>{text.undoText}</p>
      <ActionForm reader={reader} action={`/console/imports/${id}/undo`}>
        <Field
          field={{
            name: 'reason',
            label: text.undoReason,
            hint: text.undoHint,
            required: true,
            lines: 'many',
            maxLength: 2_000,
          }}
          form={form}
        />
        <button type="submit" class="danger">
          {text.undo}
        </button>
      </ActionForm>
    </Panel>
  );
}
