/**
 * Sends each form once, and says so calmly if it could not be sent. The typed text stays in the page, and `keep-typed.ts` keeps it beyond.
 */
import { isJapanese } from './page-language.js';
import { showToast } from './toast.js';

document.addEventListener(
  'submit',
  (event) => {
    // While a form is on its way, a second click or Enter sends nothing. The service would carry out its key once, too.
    if (event.target instanceof HTMLFormElement && event.target.ariaBusy === 'true') {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  },
  { capture: true },
);

let sent: { form: HTMLFormElement; submitter: HTMLElement | undefined } | undefined;

document.addEventListener('turbo:submit-start', ({ detail: { formSubmission } }) => {
  sent = { form: formSubmission.formElement, submitter: formSubmission.submitter };
});

// The connection is lost, or the service restarts.
document.addEventListener('turbo:submit-end', ({ detail: { fetchResponse, formSubmission } }) => {
  if (fetchResponse === undefined) sayNotSent(formSubmission.formElement);
});

// A proxy answers in place of a service that restarts. Its page would take the place of the typed text.
document.addEventListener('turbo:before-fetch-response', (event) => {
  const { status } = event.detail.fetchResponse.response;
  if (status < 500 || !(event.target instanceof HTMLFormElement)) return;
  event.preventDefault();
  sayNotSent(event.target);
});

function sayNotSent(form: HTMLFormElement): void {
  const submitter = sent?.form === form ? sent.submitter : undefined;
  const isThere = submitter instanceof HTMLButtonElement && submitter.form === form;
  const words = isJapanese()
    ? { kept: 'まだ送信されていません。入力内容は保存されています。', again: '再送信' }
    : { kept: 'Not sent yet. Your text is kept.', again: 'Send again' };
  showToast(words.kept, { text: words.again, press: () => form.requestSubmit(isThere ? submitter : undefined) });
}
