import { escapeHtml } from '@kitajs/html';
import { scopeOf } from '../../domain/access.js';
import type { FoundAnswer } from '../../features/find/find.dto.js';
import { Field } from '../../platform/pages/fields.js';
import { say } from '../../platform/sentences.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { formShown } from '../parts/fields.js';
import { shortDayText } from '../words/formats.js';
import type { FoundAction } from './actions.js';
import { findWords } from './find.words.js';

/** What the finder shows for a text. */
export interface Findings {
  text: string;
  found: FoundAnswer;
  actions: readonly FoundAction[];
}

type Group = keyof (typeof findWords)['en']['groups'];

interface Line {
  href: string;
  name: string;
  /** What tells it apart from others with the same name. */
  detail: string;
}

/** The page of the finder, which works without scripts. */
export function findPage(reader: PageReader, findings: Findings | undefined): ShownPage {
  const words = findWords[reader.language];
  const { text = '' } = findings ?? {};
  const field = { name: 'q', label: words.label, type: 'search', maxLength: 200 } as const;
  const groups = findings ? groupsOf(reader, findings) : [];
  return {
    title: words.title,
    main: (
      <>
        <h1>{words.title}</h1>
        <form method="get" action="/console/find" role="search">
          <Field field={field} form={formShown(reader, { q: text })} />
          <button type="submit">{words.button}</button>
        </form>
        {groups.map(([group, lines]) => (
          <section aria-labelledby={`found-${group}`}>
            <h2 id={`found-${group}`}>{words.groups[group]}</h2>
            <ul class="found" data-list="found">
              {lines.map(({ href, name, detail }) => (
                <li data-item="found">
                  <a href={escapeHtml(href)} safe>
                    {name}
                  </a>{' '}
                  <span class="soft" safe>
                    {detail}
                  </span>
                </li>
              ))}
            </ul>
          </section>
        ))}
        {findings !== undefined && groups.length === 0 && (
          <p role="status" safe>
            {say(words.nothing, reader.language, { text })}
          </p>
        )}
      </>
    ),
  };
}

/** The palette: a field whose arrows move through the results below it (ARIA combobox). */
export function paletteDialog({ language }: PageReader): JSX.Element {
  const words = findWords[language];
  return (
    <>
      <h1 class="unseen" id="palette-title">
        {words.title}
      </h1>
      <div class="palette-field">
        <input
          type="text"
          id="palette-text"
          role="combobox"
          aria-label={words.label}
          aria-expanded="true"
          aria-controls="palette-results"
          aria-autocomplete="list"
          autocomplete="off"
          autocapitalize="none"
          spellcheck="false"
          enterkeyhint="go"
          maxlength="200"
          placeholder={words.label}
          data-recent={words.recent}
        />
        <form method="dialog">
          <button type="submit" class="quiet">
            {words.close}
          </button>
        </form>
      </div>
      <div id="palette-results" role="listbox" aria-label={words.title}></div>
      <p id="palette-count" class="unseen" role="status"></p>
    </>
  );
}

/** The results as options of the palette. The first element says how many there are. */
export function paletteResults(reader: PageReader, findings: Findings): JSX.Element {
  const words = findWords[reader.language];
  const groups = groupsOf(reader, findings);
  const count = groups.reduce((sum, [, lines]) => sum + lines.length, 0);
  return (
    <>
      {groups.map(([group, lines]) => (
        <div role="group" aria-labelledby={`palette-${group}`}>
          <p class="palette-group" id={`palette-${group}`} role="presentation">
            {words.groups[group]}
          </p>
          {lines.map(({ href, name, detail }, at) => (
            <a role="option" id={`palette-${group}-${at}`} href={escapeHtml(href)} tabindex="-1" aria-selected="false">
              <span safe>{name}</span>
              <span class="soft" safe>
                {detail}
              </span>
            </a>
          ))}
        </div>
      ))}
      {count === 0 && (
        <p class="soft" role="presentation" safe>
          {say(words.nothing, reader.language, { text: findings.text })}
        </p>
      )}
      <p hidden data-count={escapeHtml(say(words.count, reader.language, { count }))}></p>
    </>
  );
}

/** The groups with a result. What is visited most often comes first. */
function groupsOf(reader: PageReader, { found, actions }: Findings): [Group, Line[]][] {
  const { language, today } = reader;
  const words = findWords[language];
  const groups: Record<Group, Line[]> = {
    subscriptions: found.subscriptions.map(({ id, customer, contractNumber, package: sold, status, endsOn }) => ({
      href: `/console/subscriptions/${id}`,
      name: customer,
      detail: [
        contractNumber,
        packageName(sold),
        say(status === 'active' ? words.until : words.ended, language, { day: shortDayText(endsOn, language, today) }),
      ]
        .filter((part) => part !== null)
        .join(' · '),
    })),
    customers: found.customers.map(({ id, name, code }) => ({
      href: `/console/customers/${id}`,
      name,
      detail: code ?? '',
    })),
    references: found.references.map(({ reference, subscriptionId, customer }) => ({
      href: `/console/subscriptions/${subscriptionId}/entries?reference=${encodeURIComponent(reference)}`,
      name: reference,
      detail: customer,
    })),
    consultants: found.consultants.map(({ id, name, email }) => ({
      href: consultantPath(id, name, reader),
      name,
      detail: email,
    })),
    actions: actions.map(({ href, name }) => ({ href, name, detail: '' })),
  };
  return (Object.entries(groups) as [Group, Line[]][]).filter(([, lines]) => lines.length > 0);
}

/** Administrators change a consultant, CSMs see the week, and finance sees the list. */
function consultantPath(id: string, name: string, { actor: { role } }: PageReader): string {
  if (scopeOf('consultants.write', role) !== 'never') return `/console/consultants/${id}`;
  if (scopeOf('time-entries.log', role) !== 'never') return `/console/week?consultant=${id}`;
  return `/console/consultants?q=${encodeURIComponent(name)}`;
}

const packageName = (code: string): string => code.charAt(0).toUpperCase() + code.slice(1);
