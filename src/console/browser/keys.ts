/**
 * The keys of the console. The list that users read is in `console/keys/key-list.ts`. A letter does nothing while the user types, composes
 * Japanese, or has switched off single letters in the profile (WCAG 2.1.4).
 */
import { isComposing } from './composing.js';

type Command = (event: KeyboardEvent) => void;

/** What a key presses, if the page has it. The address or the script behind the element does the rest. */
const presses: Readonly<Record<string, string>> = {
  n: '[data-quick-entry="open"]',
  u: '[data-undo="last"]',
  '[': 'a[rel="prev"]',
  ']': 'a[rel="next"]',
  'Mod+k': '[data-palette="open"]',
  '?': '[data-keys="open"]',
};

const commands = new Map<string, Command>();

/** Gives a key a command: a letter, two letters in sequence (`g t`), or a key with `Ctrl` or `⌘` (`Mod+k`). */
export function onKey(keys: string, command: Command): void {
  commands.set(keys, command);
}

for (const [keys, selector] of Object.entries(presses)) onKey(keys, () => press(selector));
onKey('/', () => {
  if (!focusOn('main input[type="search"]')) press('[data-palette="open"]');
});
onKey('j', () => moveBy(1));
onKey('k', () => moveBy(-1));
onKey('.', openActions);
onKey('Mod+Enter', ({ target }) => formOf(target)?.requestSubmit());
onKey('Escape', ({ target }) => {
  if (target instanceof HTMLElement && isTypedInto(target)) target.blur();
});

/** How long the second letter of a sequence may take. */
const sequenceMs = 1_500;
let first: { letter: string; at: number } | undefined;

document.addEventListener('keydown', (event) => {
  const { key, target, ctrlKey, metaKey, altKey, defaultPrevented } = event;
  if (defaultPrevented || isComposing(event) || altKey) return;
  const isSingle = !ctrlKey && !metaKey && key.length === 1;
  if (isSingle && (!areLettersOn() || isTypedInto(target) || document.querySelector('dialog[open]'))) return;
  const letter = isSingle ? key.toLowerCase() : key;
  const keys = ctrlKey || metaKey ? `Mod+${letter.length === 1 ? letter.toLowerCase() : letter}` : letter;
  const isSecond = first !== undefined && event.timeStamp - first.at < sequenceMs;
  const sequence = isSecond && isSingle ? `${first!.letter} ${keys}` : keys;
  first = isSingle && !isSecond && startsSequence(keys) ? { letter: keys, at: event.timeStamp } : undefined;
  const link = isSingle ? document.querySelector<HTMLElement>(`[data-key="${CSS.escape(sequence)}"]`) : null;
  const command = link ? () => link.click() : commands.get(sequence);
  if (!command) return;
  if (keys !== 'Escape') event.preventDefault();
  command(event);
});

const areLettersOn = (): boolean => document.body.dataset['shortcuts'] !== 'off';

const startsSequence = (letter: string): boolean =>
  document.querySelector(`[data-key^="${CSS.escape(letter)} "]`) !== null;

/** Whether letters belong to the element: a text field, or a list in which letters choose. */
function isTypedInto(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement)
    return !['checkbox', 'radio', 'button', 'submit', 'file'].includes(target.type);
  return target.isContentEditable || target.matches('textarea, select, [role="grid"] *');
}

function press(selector: string): void {
  document.querySelector<HTMLElement>(selector)?.click();
}

function focusOn(selector: string): boolean {
  const field = document.querySelector<HTMLInputElement>(selector);
  field?.focus();
  field?.select();
  return field !== null;
}

const formOf = (target: EventTarget | null): HTMLFormElement | null =>
  target instanceof Element ? target.closest<HTMLFormElement>('form[method="post"]') : null;

const currentRow = (): Element | null => document.activeElement?.closest('[data-item]') ?? null;

/** Moves the focus to the first link of the next or previous row of a list. Enter then opens it. */
function moveBy(step: 1 | -1): void {
  const rows = [...document.querySelectorAll('[data-list] [data-item]')].filter((row) => row.checkVisibility());
  const now = currentRow();
  const at = now ? rows.indexOf(now) + step : step === 1 ? 0 : rows.length - 1;
  const row = rows[Math.min(rows.length - 1, Math.max(0, at))];
  row?.querySelector<HTMLElement>('a[href], button, summary')?.focus();
}

/** Opens the actions of the row with the focus, or moves to its next button. */
function openActions(): void {
  const row = currentRow();
  const menu = row?.querySelector<HTMLDetailsElement>('details');
  if (menu) menu.open = true;
  const within = [...((menu ?? row)?.querySelectorAll<HTMLElement>('a[href], button, summary') ?? [])].filter((one) =>
    one.checkVisibility(),
  );
  const action = menu ? within.find((one) => one.tagName !== 'SUMMARY') : within[1];
  action?.focus();
}
