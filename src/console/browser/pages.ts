/**
 * Links and forms exchange the page without loading it anew (@hotwired/turbo). After a form that leads back to its own page, only what
 * differs changes: the place on the page, open parts, the focus and other typed text stay.
 */
import './turbo.js';

let submitted: HTMLFormElement | undefined;

document.addEventListener('turbo:submit-start', ({ detail: { formSubmission } }) => {
  submitted = formSubmission.formElement;
});

document.addEventListener('turbo:before-morph-element', (event) => {
  const { target } = event;
  if (target instanceof Element && isTyped(target) && target.closest('form') !== submitted) event.preventDefault();
});

document.addEventListener('turbo:before-morph-attribute', (event) => {
  const isOpened = event.target instanceof HTMLDetailsElement && event.detail.attributeName === 'open';
  if (isOpened) event.preventDefault();
});

/** A field with text that the page did not contain. */
function isTyped(element: Element): boolean {
  if (element instanceof HTMLInputElement && element.type === 'hidden') return false;
  if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) {
    return element.value !== element.defaultValue;
  }
  return element instanceof HTMLSelectElement && element === document.activeElement;
}

// A new page begins at its main part, so that a screen reader speaks it and Tab goes on from there.
document.addEventListener('turbo:render', ({ detail: { renderMethod } }) => {
  if (renderMethod === 'morph' || document.activeElement !== document.body) return;
  document.getElementById('main')?.focus({ preventScroll: true });
});
