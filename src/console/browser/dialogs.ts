/** Opens parts of the service in a dialog over the page. */

/** A modal dialog with this id. It is made at the first use, and again after a page has replaced the body. */
export function dialogOf(id: string, labelledBy: string): HTMLDialogElement {
  const found = document.getElementById(id);
  if (found instanceof HTMLDialogElement) return found;
  const dialog = document.createElement('dialog');
  dialog.id = id;
  dialog.setAttribute('aria-labelledby', labelledBy);
  // A click on the backdrop hits the dialog itself, and a click on its content something within.
  dialog.addEventListener('click', ({ target }) => {
    if (target === dialog) dialog.close();
  });
  document.body.append(dialog);
  return dialog;
}

/** A part of a page. Undefined if the service did not answer with one, for example because the session is over. */
export async function fragment(path: string, signal?: AbortSignal): Promise<string | undefined> {
  const answer = await fetch(path, { headers: { accept: 'text/html' }, redirect: 'error', signal });
  return answer.ok ? answer.text() : undefined;
}

// A page that is kept for the history must not come back with an open dialog.
document.addEventListener('turbo:before-cache', () => {
  for (const dialog of document.querySelectorAll('dialog')) dialog.remove();
});

document.addEventListener('click', (event) => {
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('[data-keys="open"]') : null;
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  void showKeys(link);
});

async function showKeys({ href }: HTMLAnchorElement): Promise<void> {
  try {
    const content = await fragment(`${href}/dialog`);
    if (content === undefined) throw new Error('No answer');
    const dialog = dialogOf('keys', 'keys-title');
    dialog.innerHTML = content;
    if (!dialog.open) dialog.showModal();
  } catch {
    // The page says why, or asks the user to sign in.
    location.assign(href);
  }
}
