/**
 * A file for import: dropped or chosen, sent as it is, and never read into memory. The element stands in the form for pasted rows. While a
 * file is chosen, the buttons of the form send the file with the options of the form; the answer is the part with the result.
 */
const pollMs = 1_500;

class ImportFile extends HTMLElement {
  #file: File | undefined;
  #polling: ReturnType<typeof setInterval> | undefined;

  connectedCallback(): void {
    const form = this.closest('form');
    if (!form || this.childElementCount > 0) return;
    const { label = '', hint = '' } = this.dataset;
    const input = document.createElement('input');
    Object.assign(input, { type: 'file', id: 'import-file', accept: '.csv,.txt,.tsv,text/csv' });
    const caption = document.createElement('label');
    caption.htmlFor = input.id;
    caption.textContent = label;
    const text = document.createElement('p');
    text.className = 'hint';
    text.textContent = hint;
    const drop = document.createElement('div');
    drop.className = 'drop field';
    drop.append(caption, text, input);
    const progress = document.createElement('div');
    progress.setAttribute('role', 'status');
    this.append(drop, progress);

    input.addEventListener('change', () => this.#choose(input.files?.[0]));
    drop.addEventListener('dragover', (event) => {
      event.preventDefault();
      drop.classList.add('over');
    });
    drop.addEventListener('dragleave', () => drop.classList.remove('over'));
    drop.addEventListener('drop', (event) => {
      event.preventDefault();
      drop.classList.remove('over');
      const files = event.dataTransfer?.files;
      if (!files?.length) return;
      input.files = files;
      this.#choose(files[0]);
    });
    form.addEventListener('submit', (event) => {
      if (!this.#file) return;
      event.preventDefault();
      void this.#send(form, this.#file, event.submitter);
    });
  }

  disconnectedCallback(): void {
    clearInterval(this.#polling);
  }

  #choose(file: File | undefined): void {
    this.#file = file;
    const form = this.closest('form')!;
    // The options of another file mean nothing for this one.
    this.#result.replaceChildren();
    const rows = form.querySelector('textarea');
    if (rows) rows.disabled = file !== undefined;
    if (file) void this.#send(form, file, null);
  }

  get #result(): HTMLElement {
    return document.getElementById('import-result')!;
  }

  async #send(form: HTMLFormElement, file: File, submitter: HTMLElement | null): Promise<void> {
    const query = new URLSearchParams({ fileName: file.name.slice(0, 255) });
    for (const [name, value] of new FormData(form)) {
      if (typeof value === 'string' && value !== '' && !['csrf', 'key', 'text'].includes(name)) query.set(name, value);
    }
    if (submitter instanceof HTMLButtonElement && submitter.name !== '') query.set(submitter.name, submitter.value);
    const takes = query.get('step') === 'take';
    const buttons = [...form.querySelectorAll('button')];
    for (const button of buttons) button.disabled = true;
    const { address = '', uploading = '', checking = '', booking = '', lost = '' } = this.dataset;
    try {
      const answer = await this.#upload(`${address}?${query.toString()}`, file, form, (part) => {
        if (part < 1) this.#show(uploading, part);
        else {
          this.#show(takes ? booking : checking);
          if (takes) this.#poll();
        }
      });
      const page = new DOMParser().parseFromString(answer, 'text/html');
      // A refusal of the request itself is a whole page.
      this.#result.replaceChildren(...(page.querySelector('main') ?? page.body).childNodes);
    } catch {
      this.#result.replaceChildren(paragraph(lost, 'notice bad'));
    } finally {
      clearInterval(this.#polling);
      this.#status.replaceChildren();
      for (const button of buttons) button.disabled = false;
    }
    this.#result.scrollIntoView({ block: 'nearest' });
  }

  /** `fetch` does not tell how much of a body is sent. */
  #upload(address: string, file: File, form: HTMLFormElement, sent: (part: number) => void): Promise<string> {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open('POST', address);
      request.setRequestHeader('content-type', 'text/csv');
      request.setRequestHeader('accept', 'text/html');
      const token = form.querySelector<HTMLInputElement>('input[name="csrf"]')?.value ?? '';
      request.setRequestHeader('x-csrf-token', token);
      request.upload.addEventListener('progress', ({ loaded, total }) => sent(total > 0 ? loaded / total : 0));
      request.upload.addEventListener('load', () => sent(1));
      request.addEventListener('load', () => {
        if (request.responseText === '') reject(new Error('no answer'));
        else resolve(request.responseText);
      });
      for (const lost of ['error', 'abort', 'timeout']) {
        request.addEventListener(lost, () => reject(new Error('The connection was lost')));
      }
      request.send(file);
    });
  }

  get #status(): HTMLElement {
    return this.querySelector<HTMLElement>('[role="status"]')!;
  }

  #show(text: string, part?: number): void {
    const bar = document.createElement('progress');
    bar.max = 1;
    if (part !== undefined) bar.value = part;
    bar.setAttribute('aria-label', text);
    this.#status.replaceChildren(bar, paragraph(text));
  }

  /** Asks how many rows are booked, until the import ends. */
  #poll(): void {
    clearInterval(this.#polling);
    this.#polling = setInterval(() => {
      void fetch(this.dataset['running'] ?? '', { headers: { accept: 'text/html' } })
        .then((answer) => (answer.ok ? answer.text() : ''))
        .then((text) => {
          const part = new DOMParser().parseFromString(text, 'text/html').body;
          if (part.childElementCount > 0) this.#status.replaceChildren(...part.childNodes);
        })
        // The import goes on without its progress.
        .catch(() => undefined);
    }, pollMs);
  }
}

function paragraph(text: string, className = 'hint'): HTMLParagraphElement {
  const made = document.createElement('p');
  made.className = className;
  made.textContent = text;
  return made;
}

customElements.define('import-file', ImportFile);
