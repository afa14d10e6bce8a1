/**
 * The quick entry: reads the line while it is typed, shows what was understood, and logs it with Enter. In the frame of each page it is a
 * bar that `n` opens; it stays open for the next entry and keeps its text from page to page.
 */
import { isComposing } from './composing.js';
import { fragment } from './dialogs.js';
import { restore } from './keep-typed.js';
import { morphChildren } from './turbo.js';

const address = '/console/quick-entry';

/** A pause in typing that is long enough to ask the service. A longer one would be seen: the reading is to follow within 100 ms. */
const pauseMs = 40;

/** The customer and the consultant of the entry before. */
const usual = { subscriptionId: '', consultantId: '' };

let timer = 0;
let asking: AbortController | undefined;
/** Ends when the reading of the present text is shown. */
let reading: Promise<void> = Promise.resolve();

const within = <Found extends Element>(target: EventTarget | null, selector: string): Found | null =>
  target instanceof Element ? target.closest<Found>(selector) : null;

const areaOf = (target: EventTarget | null): HTMLElement | null => within(target, '[data-quick-entry="area"]');
const bar = (): HTMLElement | null => document.querySelector('[data-quick-entry="bar"]');
const formOf = (area: HTMLElement): HTMLFormElement => area.querySelector('form.quick-entry')!;
const lineOf = (area: HTMLElement): HTMLInputElement => area.querySelector('#quick-line')!;
const readLineOf = (area: HTMLElement): HTMLInputElement | null => area.querySelector('[data-read-line]');

document.addEventListener('click', (event) => {
  const { target } = event;
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const answer = within<HTMLElement>(target, '[data-answer]');
  if (within(target, '[data-quick-entry="open"]') && open()) event.preventDefault();
  else if (within(target, '[data-quick-entry="close"]')) close();
  else if (answer && areaOf(answer)) {
    event.preventDefault();
    take(areaOf(answer)!, answer.dataset);
  }
});

/** Opens the bar. On the page of the quick entry, which has none, moves to its line. */
function open(): boolean {
  const there = bar();
  const line = document.querySelector<HTMLInputElement>('#quick-line');
  if (!line) return false;
  if (there?.hidden) {
    there.hidden = false;
    ask(areaOf(line)!);
  }
  line.focus();
  line.select();
  return true;
}

function close(): void {
  const there = bar();
  if (!there || there.hidden) return;
  there.hidden = true;
  document.querySelector<HTMLElement>('[data-quick-entry="open"]')?.focus();
}

/** Takes the answer to a question: a line that says it plainly, or the value of a field. */
function take(area: HTMLElement, { answer, value = '' }: DOMStringMap): void {
  if (answer === 'line') lineOf(area).value = value;
  else {
    const field = formOf(area).querySelector<HTMLSelectElement>(`[name="${answer ?? ''}"]`);
    if (field) {
      field.value = value;
      markAsSet(area, field.name);
    }
  }
  ask(area);
  lineOf(area).focus();
}

function markAsSet(area: HTMLElement, name: string): void {
  const shown = readLineOf(area);
  if (!shown) return;
  const { set = '' } = shown.dataset;
  shown.dataset['set'] = [...new Set([...set.split(','), name])].filter((one) => one !== '').join(',');
}

document.addEventListener('input', ({ target }) => {
  const area = areaOf(target);
  if (!area) return;
  const { name, id } = target as HTMLInputElement;
  if (id !== 'quick-line') markAsSet(area, name);
  clearTimeout(timer);
  timer = setTimeout(() => ask(area), pauseMs);
  asking?.abort();
});

/** Reads the present text. An older question is dropped. */
function ask(area: HTMLElement): void {
  clearTimeout(timer);
  timer = 0;
  asking?.abort();
  asking = new AbortController();
  reading = show(area, asking.signal);
}

async function show(area: HTMLElement, signal: AbortSignal): Promise<void> {
  const shown = readLineOf(area);
  const { set = '' } = shown?.dataset ?? {};
  const query = new URLSearchParams({ part: 'reading', line: lineOf(area).value, set });
  if (shown) query.set('readLine', shown.value);
  if (usual.subscriptionId !== '') query.set('usualSubscriptionId', usual.subscriptionId);
  if (usual.consultantId !== '') query.set('usualConsultantId', usual.consultantId);
  const fields = new FormData(formOf(area));
  for (const name of set.split(',')) {
    const value = fields.get(name);
    if (typeof value === 'string') query.set(name, value);
  }
  try {
    const html = await fragment(`${address}?${query.toString()}`, signal);
    if (html === undefined || signal.aborted) return;
    const next = document.createElement('div');
    next.innerHTML = html;
    morphChildren(area.querySelector('.quick-reading')!, next, { ignoreActiveValue: true });
    // Fields that were filled in before the page was loaded anew.
    if (!shown) restore(formOf(area));
  } catch {
    // A newer text is being read, or there is no connection. Logging says so.
  }
}

document.addEventListener(
  'submit',
  (event) => {
    const form = event.target as HTMLFormElement;
    const area = areaOf(form);
    if (!area || (event.submitter as HTMLButtonElement | null)?.name === 'instead') return;
    const isSettled = timer === 0 && area.dataset['settled'] === 'yes';
    delete area.dataset['settled'];
    if (isSettled) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    void log(area);
  },
  { capture: true },
);

/** Logs the entry once the present text is read. If something is open or refused, moves there. */
async function log(area: HTMLElement): Promise<void> {
  if (timer !== 0 || !isCurrent(area)) ask(area);
  await reading;
  const open = area.querySelector<HTMLElement>(
    '.quick-question .button, .quick-field.missing :is(input, select), .quick-result button, [aria-invalid="true"]',
  );
  if (open && isCurrent(area)) {
    open.focus();
    return;
  }
  // A form cannot be sent while the browser still tells its own listeners that it was about to be.
  setTimeout(() => send(area));
}

function send(area: HTMLElement): void {
  area.dataset['settled'] = 'yes';
  // Without an answer, the page of the quick entry says why: there is no connection, or the user has to sign in again.
  if (isCurrent(area)) formOf(area).requestSubmit(area.querySelector<HTMLElement>('[data-quick-entry="save"]'));
  else area.querySelector<HTMLFormElement>('#quick-read')!.requestSubmit();
}

const isCurrent = (area: HTMLElement): boolean => readLineOf(area)?.value === lineOf(area).value;

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || isComposing(event) || !within(event.target, '[data-quick-entry="bar"]')) return;
  event.preventDefault();
  close();
});

/** The bar is empty for the next entry. */
document.addEventListener('turbo:submit-end', ({ detail: { success, formSubmission } }) => {
  const { formElement } = formSubmission;
  const area = areaOf(formElement);
  if (!success || !area || formElement !== formOf(area)) return;
  const fields = new FormData(formElement);
  for (const name of ['subscriptionId', 'consultantId'] as const) {
    const value = fields.get(name);
    usual[name] = typeof value === 'string' ? value : '';
  }
  if (!area.closest('[data-quick-entry="bar"]')) return;
  lineOf(area).value = '';
  readLineOf(area)?.remove();
  formOf(area).querySelector<HTMLInputElement>('[name="key"]')!.value = newKey();
  ask(area);
  lineOf(area).focus();
});

const newKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
