/**
 * Keeps a part of a form up to date while somebody types: an element with `data-live` in the form names the address that answers the part,
 * and `data-live-into` its id. The service does the arithmetic. Without the script, the part is up to date after the form is sent.
 */

const pauseMs = 150;
let timer: ReturnType<typeof setTimeout> | undefined;
/** Only the answer to the newest question is shown. */
let asked = 0;

async function refresh(form: HTMLFormElement, address: string, into: string): Promise<void> {
  const nth = ++asked;
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    // Long texts do not change a figure, and an address has no room for them.
    const isLong = form.elements.namedItem(name) instanceof HTMLTextAreaElement;
    if (typeof value === 'string' && !isLong && name !== 'csrf' && name !== 'key') fields.append(name, value);
  }
  const answer = await fetch(`${address}?${fields.toString()}`, { headers: { accept: 'text/html' } });
  if (!answer.ok || nth !== asked) return;
  const text = await answer.text();
  const part = new DOMParser().parseFromString(text, 'text/html').getElementById(into);
  if (part) document.getElementById(into)?.replaceWith(part);
}

function onInput({ target }: Event): void {
  const form = target instanceof Element ? target.closest('form') : null;
  const place = form?.querySelector<HTMLElement>('[data-live]');
  const { live, liveInto } = place?.dataset ?? {};
  if (!form || live === undefined || liveInto === undefined) return;
  clearTimeout(timer);
  // A lost connection leaves the part as it is.
  timer = setTimeout(() => void refresh(form, live, liveInto).catch(() => undefined), pauseMs);
}

document.addEventListener('input', onInput);
document.addEventListener('change', onInput);
