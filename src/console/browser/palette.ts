/**
 * The palette: finds customers, subscriptions, consultants, cases and actions over any page. It is a combobox (ARIA 1.2): the focus stays in
 * the field, and the arrows move a mark through the results. Without scripts, its link opens the page of the finder.
 */
import { isComposing } from './composing.js';
import { dialogOf, fragment } from './dialogs.js';

const pauseMs = 120;

/** The pages that were visited in this window. They stay in the window, because other people may use the computer. */
const mostRecent = 6;

interface Visit {
  href: string;
  name: string;
}

let searching: AbortController | undefined;
let timer: number | undefined;

document.addEventListener('click', (event) => {
  const link =
    event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('[data-palette="open"]') : null;
  if (!link || (event.isTrusted && (event.ctrlKey || event.metaKey || event.shiftKey))) return;
  event.preventDefault();
  void open(link.href);
});

async function open(href: string): Promise<void> {
  const dialog = dialogOf('palette', 'palette-title');
  if (dialog.open) return;
  try {
    dialog.innerHTML = (await fragment(`${href}/dialog`)) ?? '';
    const field = dialog.querySelector('input')!;
    field.addEventListener('input', () => search(href, field));
    field.addEventListener('keydown', (event) => move(event, field));
    dialog.showModal();
    field.focus();
    await show(href, field);
  } catch {
    location.assign(href);
  }
}

function search(href: string, field: HTMLInputElement): void {
  clearTimeout(timer);
  timer = setTimeout(() => void show(href, field).catch(() => undefined), pauseMs);
}

/** Shows the results of the present text. A later text cancels the search for an earlier one. */
async function show(href: string, field: HTMLInputElement): Promise<void> {
  searching?.abort();
  searching = new AbortController();
  const text = field.value;
  const content = await fragment(`${href}/results?q=${encodeURIComponent(text)}`, searching.signal);
  if (content === undefined) {
    location.assign(href);
    return;
  }
  const results = document.getElementById('palette-results')!;
  results.innerHTML = content;
  if (text.trim() === '') results.prepend(...recentGroup(field.dataset['recent'] ?? ''));
  const count = results.querySelector<HTMLElement>('[data-count]')?.dataset['count'];
  document.getElementById('palette-count')!.textContent = count ?? '';
  mark(field, options()[0]);
}

const options = (): HTMLAnchorElement[] => [
  ...document.querySelectorAll<HTMLAnchorElement>('#palette-results [role="option"]'),
];

function mark(field: HTMLInputElement, option: HTMLElement | undefined): void {
  for (const one of options()) one.setAttribute('aria-selected', String(one === option));
  if (option) field.setAttribute('aria-activedescendant', option.id);
  else field.removeAttribute('aria-activedescendant');
  option?.scrollIntoView({ block: 'nearest' });
}

/** While Japanese is composed, arrows and Enter belong to the composition. */
function move(event: KeyboardEvent, field: HTMLInputElement): void {
  if (isComposing(event)) return;
  const all = options();
  const at = all.findIndex((option) => option.getAttribute('aria-selected') === 'true');
  const to = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length }[event.key];
  if (to !== undefined && all.length > 0) mark(field, all[to % all.length]);
  else if (event.key === 'Enter') follow(all[at]);
  else return;
  event.preventDefault();
}

function follow(option: HTMLAnchorElement | undefined): void {
  if (!option) return;
  option.click();
}

document.addEventListener('click', ({ target }) => {
  const option = target instanceof Element ? target.closest('#palette-results [role="option"]') : null;
  if (option) document.querySelector<HTMLDialogElement>('dialog#palette')?.close();
});

function recentGroup(title: string): HTMLElement[] {
  const visits = readVisits().filter(({ href }) => href !== location.pathname);
  if (visits.length === 0) return [];
  const group = document.createElement('div');
  group.setAttribute('role', 'group');
  group.setAttribute('aria-labelledby', 'palette-recent');
  const heading = Object.assign(document.createElement('p'), { id: 'palette-recent', className: 'palette-group' });
  heading.setAttribute('role', 'presentation');
  heading.textContent = title;
  group.append(heading, ...visits.map(optionOf));
  return [group];
}

function optionOf({ href, name }: Visit, at: number): HTMLElement {
  const option = Object.assign(document.createElement('a'), { id: `palette-recent-${at}`, href, tabIndex: -1 });
  option.setAttribute('role', 'option');
  option.setAttribute('aria-selected', 'false');
  const text = document.createElement('span');
  text.textContent = name;
  option.append(text);
  return option;
}

const visitsKey = (): string => `trm-visits-${document.body.dataset['user'] ?? ''}`;

function readVisits(): Visit[] {
  try {
    return JSON.parse(sessionStorage.getItem(visitsKey()) ?? '[]') as Visit[];
  } catch {
    return [];
  }
}

function noteVisit(): void {
  const href = location.pathname;
  if (!href.startsWith('/console/') || /^\/console\/(find|quick-entry|sign-)/.test(href)) return;
  const name = document.querySelector('main h1')?.textContent?.trim();
  if (!name) return;
  const visits = [{ href, name }, ...readVisits().filter((visit) => visit.href !== href)].slice(0, mostRecent);
  try {
    sessionStorage.setItem(visitsKey(), JSON.stringify(visits));
  } catch {
    // A window without storage has no list of visits.
  }
}

noteVisit();
document.addEventListener('turbo:load', noteVisit);
