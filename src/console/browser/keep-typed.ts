/**
 * Keeps what is typed into a form until the service has taken it: through an expired session, a restart, a lost connection or a wrong
 * click. The text stays in this tab alone, per user, page and form, and is gone after signing out. Passwords and tokens are never kept.
 */
import { isJapanese } from './page-language.js';
import { showToast } from './toast.js';

const prefix = 'trm-typed ';

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

const user = (): string => document.body.dataset['user'] ?? '';

/** The quick entry is the same on all pages. */
function keyOf(form: HTMLFormElement): string {
  const page = isQuickEntry(form) ? '' : location.pathname;
  const twins = [...document.forms].filter((other) => other.action === form.action);
  return `${prefix}${user()} ${page} ${new URL(form.action).pathname} ${twins.indexOf(form)}`;
}

const isQuickEntry = (form: HTMLFormElement): boolean => form.closest('[data-quick-entry="area"]') !== null;

/** Only the answer to a form that Turbo sends is seen here. Others keep their text by a script of their own, or not at all. */
const isKept = (form: Element | null | undefined): form is HTMLFormElement =>
  form instanceof HTMLFormElement &&
  form.method === 'post' &&
  user() !== '' &&
  form.closest('[data-turbo="false"], [data-keep="no"]') === null;

/** The fields whose text is kept, by their names and places among fields of that name. */
function fieldsOf(form: HTMLFormElement): Map<string, Field> {
  const fields = new Map<string, Field>();
  for (const field of form.querySelectorAll<Field>('input, textarea, select')) {
    const isSecret = /password|hidden|file/.test(field.type) || /token|secret|code$/i.test(field.autocomplete);
    if (field.name === '' || isSecret) continue;
    let place = 0;
    while (fields.has(`${field.name} ${place}`)) place += 1;
    fields.set(`${field.name} ${place}`, field);
  }
  return fields;
}

const isBox = (field: Field): field is HTMLInputElement =>
  field instanceof HTMLInputElement && /checkbox|radio/.test(field.type);

const valueOf = (field: Field): string | boolean => (isBox(field) ? field.checked : field.value);

function isChanged(field: Field): boolean {
  if (isBox(field)) return field.checked !== field.defaultChecked;
  if (!(field instanceof HTMLSelectElement)) return field.value !== field.defaultValue;
  const chosen = [...field.options].find(({ defaultSelected }) => defaultSelected) ?? field.options[0];
  return field.value !== (chosen?.value ?? '');
}

/** Fields that the reader has set stay so if the service writes them again. Fields that come later keep their stored text. */
function keep(form: HTMLFormElement): void {
  const fields = fieldsOf(form);
  const set = (form.querySelector<HTMLElement>('[data-set]')?.dataset['set'] ?? '').split(',');
  const absent = Object.entries(read(keyOf(form))).filter(([name]) => !fields.has(name));
  const changed = [...fields].filter(([, field]) => isChanged(field) || set.includes(field.name));
  const kept = [...absent, ...changed.map(([name, field]): [string, unknown] => [name, valueOf(field)])];
  try {
    if (kept.length > 0) sessionStorage.setItem(keyOf(form), JSON.stringify(Object.fromEntries(kept)));
    else sessionStorage.removeItem(keyOf(form));
  } catch {
    // A full or forbidden store keeps nothing. The page works without it.
  }
}

/** Puts the kept text back. Fields that the service has filled with it already stay. Returns whether something changed. */
export function restore(form: HTMLFormElement): boolean {
  const kept = isAsked(form) ? {} : read(keyOf(form));
  const fields = fieldsOf(form);
  let isRestored = false;
  for (const [name, value] of Object.entries(kept)) {
    const field = fields.get(name);
    if (!field || valueOf(field) === value) continue;
    if (isBox(field)) field.checked = value === true;
    else field.value = String(value);
    field.dispatchEvent(new Event('input', { bubbles: true }));
    isRestored = true;
  }
  return isRestored;
}

/** The address of the page names a line to be read, which is newer than the kept one. */
const isAsked = (form: HTMLFormElement): boolean =>
  isQuickEntry(form) && (form.querySelector<HTMLInputElement>('#quick-line')?.defaultValue ?? '') !== '';

function read(key: string): Record<string, unknown> {
  try {
    return (JSON.parse(sessionStorage.getItem(key) ?? '{}') ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}

function forget(isMeant: (key: string) => boolean): void {
  try {
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith(prefix) && isMeant(key)) sessionStorage.removeItem(key);
    }
  } catch {
    // Nothing was kept.
  }
}

function restorePage(): void {
  // The page of the sign-in knows no user. The text waits for the user to come back.
  if (user() === '') return;
  forget((key) => !key.startsWith(`${prefix}${user()} `));
  const restored = [...document.forms].filter((form) => isKept(form) && restore(form));
  if (restored.every(isQuickEntry)) return;
  showToast(isJapanese() ? '前に入力した内容を復元しました。' : 'What you had typed before is back.');
}

document.addEventListener('input', ({ target }) => {
  const form = target instanceof Element ? target.closest('form') : null;
  if (isKept(form)) keep(form);
});

/** The key of a form that is on its way. The page may be another one when the answer comes. */
let sentKey = '';

document.addEventListener('turbo:submit-start', ({ detail: { formSubmission } }) => {
  sentKey = keyOf(formSubmission.formElement);
  const { pathname } = new URL(formSubmission.formElement.action);
  // Nothing that any script has kept stays behind.
  if (pathname === '/console/sign-out') sessionStorage.clear();
});

document.addEventListener('turbo:submit-end', ({ detail: { success, fetchResponse, formSubmission } }) => {
  // An expired session leads to the sign-in: the form has not been carried out.
  const isSignIn = fetchResponse && new URL(fetchResponse.response.url).pathname.startsWith('/console/sign-in');
  const { formElement } = formSubmission;
  if (success && !isSignIn && isKept(formElement)) sessionStorage.removeItem(sentKey);
});

document.addEventListener('turbo:load', restorePage);
