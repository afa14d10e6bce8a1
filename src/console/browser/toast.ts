/**
 * Short messages. A message leaves after ten seconds; as long as the pointer or the focus is on it, it stays. Messages with a decision to
 * make stay until it is made.
 */

const shownMs = 10_000;

const region = (): HTMLElement | null => document.getElementById('toasts');

export interface ToastButton {
  text: string;
  press(): void;
}

/** Shows a message in the place of another one. */
export function showToast(text: string, button?: ToastButton): void {
  const toast = document.createElement('div');
  toast.className = 'toast';
  const sentence = document.createElement('p');
  sentence.textContent = text;
  toast.append(sentence);
  if (button) {
    const pressed = document.createElement('button');
    pressed.type = 'button';
    pressed.textContent = button.text;
    pressed.addEventListener('click', () => {
      toast.remove();
      button.press();
    });
    toast.append(pressed);
  }
  region()?.replaceChildren(toast);
  if (!button) leaveLater(toast);
}

/** Screen readers speak only what is added to a region, so the message of the page is taken out and added again. */
function speakMessageOfPage(): void {
  const toast = region()?.querySelector<HTMLElement>('[data-toast="shown"]');
  if (!toast) return;
  toast.dataset['toast'] = 'spoken';
  region()?.replaceChildren();
  requestAnimationFrame(() => region()?.append(toast));
  leaveLater(toast);
}

function leaveLater(toast: HTMLElement): void {
  let timer = 0;
  const start = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => toast.remove(), shownMs);
  };
  const stop = (): void => clearTimeout(timer);
  toast.addEventListener('pointerenter', stop);
  toast.addEventListener('pointerleave', start);
  toast.addEventListener('focusin', stop);
  toast.addEventListener('focusout', start);
  start();
}

document.addEventListener('turbo:load', speakMessageOfPage);
document.addEventListener('turbo:render', speakMessageOfPage);
