import { escapeHtml } from '@kitajs/html';
import { durationText } from '../../domain/duration-text.js';
import { Refusal, type Violation } from '../../domain/refusal.js';
import { Field, type FormShown } from '../../platform/pages/fields.js';
import { say } from '../../platform/sentences.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { ActionForm } from '../parts/action-form.js';
import { Bar } from '../parts/bar.js';
import { DataTable, type TableColumn } from '../parts/data-table.js';
import { Choice, formShown } from '../parts/fields.js';
import { Badge, Empty, Panel } from '../parts/layout.js';
import { dayText, minutesText } from '../words/formats.js';
import { minutesTyped } from './allocation-fields.js';
import { allocationSum, type AllocationSum } from './allocation-sum.js';
import type { Allocations } from './allocations.service.js';
import { allocationsWords } from './allocations.words.js';
import type { Again } from './entries.page.js';
import { pairText } from './entry-fields.js';
import { may, Refused, sectionPage, sectionPath } from './subscription.frame.js';
import { subscriptionWords } from './subscription.words.js';

/** Who works for how long on which product line. The numbers add up to what is granted. */
export function allocationsPage(shown: Allocations, reader: PageReader, again?: Again): ShownPage {
  const { head, rows, allocations, limits } = shown;
  const { language } = reader;
  const words = allocationsWords[language];
  const isOpen = head.contract.status === 'active';
  const mayWrite = may(reader, 'allocations.write') && isOpen;
  return sectionPage(
    head,
    'allocations',
    reader,
    <Panel id="allocations" title={words.heading}>
      <p class="hint">{words.hint}</p>
      <p class="soft" safe>
        {say(words.limits, language, limits)}
        {allocations.fromOn === null
          ? ''
          : ` ${say(words.since, language, { day: dayText(allocations.fromOn, language) })}`}
      </p>
      {shown.productLineIds.length === 0 && mayWrite ? (
        <Empty text={words.noLines} href={sectionPath(head.id, 'lines')} verb={words.enrol} />
      ) : mayWrite ? (
        <AllocationForm shown={shown} reader={reader} again={again} />
      ) : rows.length === 0 ? (
        <Empty text={words.none} />
      ) : (
        <>
          <ReadOnly shown={shown} reader={reader} />
          <Sum sum={sumNow(shown)} reader={reader} />
        </>
      )}
    </Panel>,
  );
}

type Row = Allocations['rows'][number];

const sumNow = ({ allocations, rows, workedElsewhere }: Allocations): AllocationSum =>
  allocationSum(
    allocations.grantedMinutes,
    rows.map(({ minutes, workedMinutes }) => ({ minutes, worked: workedMinutes })),
    workedElsewhere,
  );

/** The sum of what is typed. A field that cannot be read keeps its present amount. */
export function sumTyped(
  { allocations, rows, workedElsewhere }: Allocations,
  typed: FormShown['typed'],
): AllocationSum {
  const { rows: minutes, added } = minutesTyped(typed);
  const present = rows.map((row, at) => ({ minutes: minutes[at] ?? row.minutes, worked: row.workedMinutes }));
  return allocationSum(allocations.grantedMinutes, [...present, { minutes: added, worked: 0 }], workedElsewhere);
}

/** How the granted minutes are divided. A script puts it in again while somebody types. */
export function Sum({ sum, reader: { language } }: { sum: AllocationSum; reader: PageReader }): JSX.Element {
  const words = allocationsWords[language];
  const { grantedMinutes, allocatedMinutes, beyondMinutes, unallocatedMinutes } = sum;
  const text = (minutes: number): string => minutesText(minutes, language);
  const isTooMuch = unallocatedMinutes < 0;
  return (
    <div id="sum" class="allocation-sum">
      <Bar
        whole={Math.max(grantedMinutes, allocatedMinutes + beyondMinutes)}
        parts={[
          { amount: allocatedMinutes, kind: 'used' },
          { amount: beyondMinutes, kind: 'planned' },
        ]}
      />
      <dl>
        <div>
          <dt>{words.allocated}</dt>
          <dd safe>{text(allocatedMinutes)}</dd>
        </div>
        <div>
          <dt>{words.drawn}</dt>
          <dd safe>{`+ ${text(beyondMinutes)}`}</dd>
        </div>
        <div>
          <dt>{words.unallocated}</dt>
          <dd safe>{`+ ${text(unallocatedMinutes)}`}</dd>
        </div>
        <div class="total">
          <dt>{words.granted}</dt>
          <dd safe>{`= ${text(grantedMinutes)}`}</dd>
        </div>
      </dl>
      {isTooMuch && (
        <p class="fault" safe>
          {say(words.tooMuch, language, { minutes: text(-unallocatedMinutes) })}
        </p>
      )}
    </div>
  );
}

function Worked({ row, reader: { language } }: { row: Row; reader: PageReader }): JSX.Element {
  const { workedMinutes, drawnFromUnallocatedMinutes } = row;
  return (
    <div>
      <span safe>{minutesText(workedMinutes, language)}</span>
      {drawnFromUnallocatedMinutes > 0 && (
        <small class="soft" safe>
          {` ${say(allocationsWords[language].workedBeyond, language, {
            minutes: minutesText(drawnFromUnallocatedMinutes, language),
          })}`}
        </small>
      )}
    </div>
  );
}

function ReadOnly({ shown: { rows, names }, reader }: { shown: Allocations; reader: PageReader }): JSX.Element {
  const { language } = reader;
  const words = allocationsWords[language];
  const shared = subscriptionWords[language];
  const columns: TableColumn<Row>[] = [
    {
      heading: shared.consultant,
      cell: ({ consultantId, primary }) => (
        <>
          <span safe>{names.consultants.get(consultantId) ?? ''}</span> {primary && <Badge text={words.primary} />}
        </>
      ),
    },
    {
      heading: shared.productLine,
      cell: ({ productLineId }) => <span safe>{names.productLines.get(productLineId) ?? ''}</span>,
    },
    {
      heading: words.allocated,
      isNumber: true,
      cell: ({ minutes }) => <span safe>{minutesText(minutes, language)}</span>,
    },
    { heading: words.worked, isNumber: true, cell: (row) => <Worked row={row} reader={reader} /> },
  ];
  return <DataTable caption={words.heading} columns={columns} rows={rows} />;
}

function AllocationForm({
  shown,
  reader,
  again,
}: {
  shown: Allocations;
  reader: PageReader;
  again?: Again;
}): JSX.Element {
  const { language } = reader;
  const { head, rows, names, allocations, consultants, productLineIds } = shown;
  const words = allocationsWords[language];
  const shared = subscriptionWords[language];
  const path = sectionPath(head.id, 'allocations');
  const typed = again?.typed ?? typedNow(rows);
  const form = formShown(reader, typed, again?.refusal);
  const nameOf = ({ consultantId, productLineId }: Row) => ({
    consultant: names.consultants.get(consultantId) ?? '',
    productLine: names.productLines.get(productLineId) ?? '',
  });
  const columns: TableColumn<Row & { at: number }>[] = [
    {
      heading: shared.consultant,
      cell: (row) => (
        <>
          <span safe>{nameOf(row).consultant}</span>{' '}
          <span class="soft" safe>
            {nameOf(row).productLine}
          </span>
        </>
      ),
    },
    {
      heading: shared.hours,
      isNumber: true,
      cell: (row) => (
        <HoursCell row={row} label={say(words.hoursOf, language, nameOf(row))} form={form} again={again} />
      ),
    },
    { heading: words.worked, isNumber: true, cell: (row) => <Worked row={row} reader={reader} /> },
    {
      heading: words.primary,
      cell: (row) => (
        <input
          type="radio"
          name="primary"
          value={escapeHtml(pairText(row))}
          checked={typed.primary === pairText(row)}
          aria-label={escapeHtml(say(words.primaryOf, language, nameOf(row)))}
        />
      ),
    },
    {
      heading: words.removeShort,
      cell: (row) => (
        <input
          type="checkbox"
          name={`removed${row.at}`}
          value="true"
          checked={typed[`removed${row.at}`] === 'true'}
          aria-label={escapeHtml(say(words.remove, language, nameOf(row)))}
        />
      ),
    },
  ];
  return (
    <ActionForm reader={reader} action={path} class="allocations">
      <Refused refusal={again && named(again.refusal, shown)} reader={reader} />
      <input type="hidden" name="version" value={String(allocations.version)} />
      {rows.map((row, at) => (
        <input type="hidden" name={`pair${at}`} value={escapeHtml(pairText(row))} />
      ))}
      {rows.length === 0 ? (
        <p class="soft">
          {words.none} {words.noneNext}
        </p>
      ) : (
        <DataTable caption={words.heading} columns={columns} rows={rows.map((row, at) => ({ ...row, at }))} />
      )}
      <div data-live={`${path}/sum`} data-live-into="sum">
        <Sum sum={sumTyped(shown, typed)} reader={reader} />
      </div>
      <details open={rows.length === 0 || Boolean(typed.newConsultantId)}>
        <summary>{words.newRow}</summary>
        <div class="fields">
          <Choice
            name="newConsultantId"
            label={words.newConsultant}
            empty={shared.choose}
            options={consultants.map(({ id, name }) => ({ value: id, text: name }))}
            form={form}
          />
          <Choice
            name="newProductLineId"
            label={words.newLine}
            empty={shared.choose}
            options={productLineIds.map((id) => ({ value: id, text: names.productLines.get(id) ?? id }))}
            form={form}
          />
          <Field
            field={{ name: 'newHours', label: words.newHours, hint: shared.hoursHint, maxLength: 20 }}
            form={form}
          />
        </div>
        {rows.length > 0 && (
          <label class="check">
            <input type="radio" name="primary" value="new" checked={typed.primary === 'new'} />
            <span>{words.primary}</span>
          </label>
        )}
      </details>
      <p class="row">
        <button type="submit">{words.save}</button>
      </p>
    </ActionForm>
  );
}

function HoursCell({
  row: { at, minutes, consultantId, productLineId },
  label,
  form,
  again,
}: {
  row: Row & { at: number };
  label: string;
  form: FormShown;
  again?: Again;
}): JSX.Element {
  const name = `hours${at}`;
  const isUnreadable = form.errors.some(({ pointer }) => pointer === `/${name}`);
  const used = again?.refusal.violations?.find(
    ({ code, params }) =>
      code === 'allocation-below-used' &&
      params?.consultantId === consultantId &&
      params.productLineId === productLineId,
  )?.usedMinutes;
  const { language } = form;
  const fault = isUnreadable
    ? subscriptionWords[language].durationWrong
    : used === undefined
      ? undefined
      : say(allocationsWords[language].atLeast, language, { minutes: minutesText(used, language) });
  return (
    <div>
      <input
        type="text"
        class="short number"
        name={name}
        value={escapeHtml(form.typed[name] ?? durationText(minutes))}
        maxlength={20}
        autocomplete="off"
        aria-label={escapeHtml(label)}
        aria-invalid={fault === undefined ? undefined : 'true'}
        aria-describedby={fault === undefined ? undefined : `${name}-fault`}
      />
      {fault !== undefined && (
        <p class="fault" id={`${name}-fault`} safe>
          {fault}
        </p>
      )}
    </div>
  );
}

function typedNow(rows: readonly Row[]): Record<string, string> {
  const hours = rows.map(({ minutes }, at) => [`hours${at}`, durationText(minutes)] as const);
  const primary = rows.find((row) => row.primary);
  return { ...Object.fromEntries(hours), ...(primary && { primary: pairText(primary) }) };
}

/** The rules know only ids. People read names. */
function named(refusal: Refusal, { names, consultants }: Allocations): Refusal {
  const known = new Map([
    ...consultants.map(({ id, name }) => [id, name] as const),
    ...names.consultants,
    ...names.productLines,
  ]);
  const inWords = ({ params = {}, ...violation }: Violation): Violation => ({
    ...violation,
    params: Object.fromEntries(
      Object.entries(params).map(([name, value]) => [name, known.get(String(value)) ?? value]),
    ),
  });
  return new Refusal(refusal.code, refusal.params, {
    violations: refusal.violations?.map(inWords),
    errors: refusal.errors && [...refusal.errors],
  });
}
