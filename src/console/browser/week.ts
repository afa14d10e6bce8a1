/**
 * The week sheet with a script: keys move between cells, every step is sent without leaving the page, totals and limits follow what is
 * typed, and blocks and calendar files can be pasted or dropped. The service does all reading and reckoning; without the script, the same
 * buttons send the form.
 */
import { isComposing } from './composing.js';
import { isJapanese } from './page-language.js';

const part = (): HTMLElement | null => document.getElementById('week-part');
const form = (): HTMLFormElement | null => document.querySelector<HTMLFormElement>('form#week-sheet');
const said = (text: string): void => {
  const line = document.getElementById('week-said');
  if (!line) return;
  line.textContent = text;
  line.className = 'notice';
};

type Extra = Readonly<Record<string, string>>;

/** What the page says if no answer arrives, in its language. */
const words = {
  offline: {
    en: 'The service cannot be reached. What you typed stays here; try again.',
    ja: 'サービスに接続できません。入力内容は残っています。もう一度お試しください。',
  },
  signedOut: {
    en: 'Your session is over. Sign in in another tab, then save again. What you typed stays here.',
    ja: 'セッションが終了しました。別のタブでサインインしてから、もう一度保存してください。入力内容は残っています。',
  },
  restored: {
    en: 'What you had typed is here again. Nothing of it is booked yet.',
    ja: '入力していた内容を復元しました。まだ何も記録していません。',
  },
};
const word = (name: keyof typeof words): string => words[name][isJapanese() ? 'ja' : 'en'];

const storageKey = (): string =>
  `week-sheet ${document.body.dataset.user ?? ''} ${location.pathname}${location.search}`;

/** The fields of the form, without those that each page has of its own. */
function fieldsOf(sheet: HTMLFormElement): URLSearchParams {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(sheet)) if (typeof value === 'string') fields.append(name, value);
  return fields;
}

/** Keeps what was typed until it is saved, also if the browser closes the page. */
function keep(): void {
  const sheet = form();
  if (!sheet) return;
  const fields = fieldsOf(sheet);
  for (const name of ['csrf', 'key', 'calendar']) fields.delete(name);
  sessionStorage.setItem(storageKey(), fields.toString());
}

let latest = 0;
let waiting: AbortController | undefined;

/**
 * Sends the sheet for a step. Returns the sheet of the answer, or undefined if there is none: then everything stays as it is. A later step
 * overtakes an earlier check, but never a save: what it booked is always shown.
 */
async function ask(step: string, extra: Extra, kept?: URLSearchParams): Promise<HTMLElement | undefined> {
  const sheet = form();
  if (!sheet) return undefined;
  const own = fieldsOf(sheet);
  const fields = kept ?? own;
  if (kept) for (const name of ['csrf', 'key']) fields.set(name, own.get(name) ?? '');
  fields.set('do', step);
  for (const [name, value] of Object.entries(extra)) fields.set(name, value);
  const number = ++latest;
  waiting?.abort();
  waiting = step === 'save' ? undefined : new AbortController();
  let answer: Response;
  try {
    answer = await fetch(sheet.action, {
      method: 'POST',
      body: fields,
      headers: { 'x-page-part': 'week-sheet' },
      redirect: 'manual',
      signal: waiting?.signal,
    });
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'AbortError')) said(word('offline'));
    return undefined;
  }
  const body = await answer.text();
  if (step === 'save') latest++;
  else if (number !== latest) return undefined;
  const parsed = new DOMParser().parseFromString(`<div>${body}</div>`, 'text/html').querySelector('div')!;
  if (parsed.querySelector('form#week-sheet')) return parsed;
  said(word(answer.type === 'opaqueredirect' || answer.status === 403 ? 'signedOut' : 'offline'));
  return undefined;
}

/** Shows the whole sheet of an answer. The focus stays in the field with the same id, or goes to `focus`. */
function show(answer: HTMLElement, focus?: string): void {
  const place = part();
  if (!place) return;
  const active = document.activeElement;
  const id = focus ?? (active instanceof HTMLElement && place.contains(active) ? active.id : '');
  // The live region stays the same element, so that its new text is announced.
  const line = document.getElementById('week-said');
  const newLine = answer.querySelector<HTMLElement>('#week-said');
  const [text, look] = [newLine?.textContent ?? '', newLine?.className ?? 'unseen'];
  if (line && newLine) newLine.replaceWith(line);
  place.replaceChildren(...answer.childNodes);
  if (line) {
    line.className = look;
    line.textContent = text;
  }
  readyFiles();
  if (id !== '') document.getElementById(id)?.focus();
}

/** Takes only figures, notes and faults from an answer, so that nobody is disturbed while typing. */
function refresh(answer: HTMLElement): void {
  for (const element of answer.querySelectorAll<HTMLElement>('[data-live][id]')) {
    const old = document.getElementById(element.id);
    if (!old || element.id === 'week-said' || old.outerHTML === element.outerHTML) continue;
    // A live region speaks its new text only if it stays the same element.
    if (old.role === 'status') old.textContent = element.textContent;
    else old.replaceWith(element);
  }
  for (const cell of answer.querySelectorAll<HTMLInputElement>('td.cell input')) {
    const own = document.getElementById(cell.id);
    if (!own) continue;
    for (const name of ['aria-invalid', 'aria-describedby']) {
      const value = cell.getAttribute(name);
      if (value === null) own.removeAttribute(name);
      else own.setAttribute(name, value);
    }
  }
  const reason = document.getElementById('week-reason');
  const newReason = answer.querySelector('#week-reason');
  if (reason && newReason) reason.className = newReason.className;
}

async function step(name: string, extra: Extra = {}, focus?: string): Promise<void> {
  const sheet = form();
  clearTimeout(timer);
  keep();
  sheet?.setAttribute('aria-busy', 'true');
  const answer = await ask(name, extra);
  form()?.removeAttribute('aria-busy');
  if (!answer) return;
  // Showing the answer moves its elements into the page.
  const isSaved = answer.querySelector('#week-said[data-saved]') !== null;
  show(answer, focus ?? firstFault(answer));
  if (isSaved) sessionStorage.removeItem(storageKey());
  else keep();
}

const firstFault = (answer: HTMLElement): string | undefined =>
  answer.querySelector('td.cell input[aria-invalid]')?.id ?? undefined;

let timer: ReturnType<typeof setTimeout> | undefined;
/** Long enough that a check does not follow every key. */
const pauseMs = 250;

function checkSoon(): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    // The answer of a step that is on its way shows everything anyway.
    if (form()?.ariaBusy === 'true') return;
    void ask('live', {}).then((answer) => {
      if (answer) refresh(answer);
    });
  }, pauseMs);
}

const cellAt = (row: number, day: number): HTMLInputElement | null =>
  document.querySelector<HTMLInputElement>(`#cell-${row}-${day}`);

function placeOf(target: EventTarget | null): { cell: HTMLInputElement; row: number; day: number } | undefined {
  if (!(target instanceof HTMLInputElement)) return undefined;
  const [, row, day] = /^cell-(\d+)-(\d)$/.exec(target.id) ?? [];
  return day === undefined ? undefined : { cell: target, row: Number(row), day: Number(day) };
}

function focusCell(cell: HTMLInputElement | null): boolean {
  if (!cell) return false;
  cell.focus();
  cell.select();
  return true;
}

/** Moves to another cell with an arrow. Left and right first move within a text that is not wholly selected. */
function move(key: string, { cell, row, day }: { cell: HTMLInputElement; row: number; day: number }): boolean {
  const { selectionStart: start, selectionEnd: end, value } = cell;
  const isWhole = start === 0 && end === value.length;
  switch (key) {
    case 'ArrowUp':
      return focusCell(cellAt(row - 1, day));
    case 'ArrowDown':
      return focusCell(cellAt(row + 1, day));
    case 'ArrowLeft':
      return (isWhole || (start === 0 && end === 0)) && focusCell(cellAt(row, day - 1));
    case 'ArrowRight':
      return (isWhole || (start === value.length && end === value.length)) && focusCell(cellAt(row, day + 1));
    default:
      return false;
  }
}

/** Before the keys of the console, whose Ctrl+Enter sends a form without a button. */
document.addEventListener(
  'keydown',
  (event) => {
    const { target, key, ctrlKey, metaKey, shiftKey, altKey } = event;
    if (isComposing(event) || altKey) return;
    const sheet = form();
    if (!sheet) return;
    const isWithin = target instanceof Node && sheet.contains(target);
    if ((ctrlKey || metaKey) && key === 'Enter' && isWithin) {
      event.preventDefault();
      event.stopImmediatePropagation();
      void step('save');
      return;
    }
    if (ctrlKey || metaKey) return;
    const place = placeOf(target);
    if (!place) {
      if (key === 'Enter' && target instanceof HTMLInputElement && isWithin) {
        event.preventDefault();
        if (target.dataset.enter === 'add') void add();
        else if (/^summary-/.test(target.id)) focusCell(cellAt(Number(target.id.slice('summary-'.length)), 0));
      }
      return;
    }
    if (key === 'Enter') {
      event.preventDefault();
      focusCell(cellAt(place.row + (shiftKey ? -1 : 1), place.day));
    } else if (key === '=' && !place.cell.readOnly) {
      event.preventDefault();
      place.cell.value = cellAt(place.row, place.day - 1)?.value || (place.cell.dataset.before ?? '');
      place.cell.select();
      keep();
      checkSoon();
    } else if (!shiftKey && move(key, place)) {
      event.preventDefault();
    }
  },
  { capture: true },
);

/** A new row is the last one of its customer: the focus goes to its first choice. */
async function add(): Promise<void> {
  const before = document.querySelectorAll('tr.new').length;
  await step('add', {}, 'find');
  const rows = document.querySelectorAll<HTMLElement>('tr.new');
  if (rows.length > before) rows[rows.length - 1]!.querySelector<HTMLElement>('select')?.focus();
}

/** After a reload, a browser fills in what a field had before, and reports it as typed. The day that a phone shows is not typed at all. */
const isAsServed = (field: Element): boolean =>
  field instanceof HTMLInputElement &&
  (field.type === 'radio' || (field.type === 'text' && field.value === field.defaultValue));

document.addEventListener('input', ({ target }) => {
  if (!(target instanceof Element) || !form()?.contains(target) || target.id === 'find') return;
  if (isAsServed(target) && sessionStorage.getItem(storageKey()) === null) return;
  keep();
  if (placeOf(target) || (target instanceof HTMLInputElement && target.name === 'plain')) checkSoon();
});

document.addEventListener('change', ({ target }) => {
  if (target instanceof HTMLSelectElement && target.dataset.submits === 'check') void step('check');
  else if (target instanceof HTMLSelectElement && form()?.contains(target)) checkSoon();
  else if (target instanceof HTMLInputElement && target.id === 'calendar-file') void propose(target.files?.[0]);
});

document.addEventListener('focusin', ({ target }) => {
  const place = placeOf(target);
  if (place) place.cell.select();
});

document.addEventListener(
  'submit',
  (event) => {
    const { target, submitter } = event;
    if (target !== form()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = submitter instanceof HTMLButtonElement ? submitter : undefined;
    if (button?.name === 'use') void step('check', { use: button.value });
    else if (button?.value === 'add') void add();
    else void step(button?.value ?? 'check');
  },
  { capture: true },
);

document.addEventListener('paste', (event) => {
  const place = placeOf(event.target);
  const text = event.clipboardData?.getData('text/plain') ?? '';
  // One value is pasted as usual.
  if (!place || !/[\t\n]./.test(text)) return;
  event.preventDefault();
  void step('paste', { block: text, at: `${place.row} ${place.day}` }, place.cell.id);
});

/** Larger files are refused by the service anyway. */
const mostCharacters = 2_000_000;

async function propose(file: File | undefined): Promise<void> {
  if (file) await step('events', { calendar: (await file.text()).slice(0, mostCharacters + 1) }, 'week-said');
}

for (const kind of ['dragover', 'drop'] as const) {
  document.addEventListener(kind, (event) => {
    if (!form() || !event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    if (kind === 'drop') void propose(event.dataTransfer.files[0]);
  });
}

/** The field for a file needs the script. */
function readyFiles(): void {
  for (const field of document.querySelectorAll<HTMLElement>('[data-file][hidden]')) field.hidden = false;
}

/** Brings back what was typed before the page was left. */
async function restore(): Promise<void> {
  readyFiles();
  const kept = sessionStorage.getItem(storageKey());
  if (!form() || kept === null) return;
  const answer = await ask('open', {}, new URLSearchParams(kept));
  if (!answer) return;
  show(answer);
  said(word('restored'));
}

document.addEventListener('turbo:load', () => void restore());
void restore();
