import { escapeHtml, type PropsWithChildren } from '@kitajs/html';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { ActionForm } from '../parts/action-form.js';
import { longestLine } from './quick-entry.form.js';
import type { QuickEntryView } from './quick-entry.service.js';
import { quickEntryWords } from './quick-entry.words.js';
import { QuickReading } from './reading.js';

const address = '/console/quick-entry';

/** The quick entry as a page of its own. Without a script, "Read the line" shows the reading as fields, and "Log time" logs it. */
export function quickEntryPage(view: QuickEntryView, reader: PageReader): ShownPage {
  const words = quickEntryWords[reader.language];
  return {
    title: words.title,
    main: (
      <>
        <h1 safe>{words.title}</h1>
        <section class="panel">
          <QuickEntry reader={reader} line={view.line}>
            {QuickReading({ view, reader })}
          </QuickEntry>
        </section>
      </>
    ),
  };
}

/**
 * The quick entry in the frame of every page: closed and empty, until a script opens it. The script keeps it from page to page, and takes
 * another one if the language changes.
 */
export function QuickEntryBar({ reader }: { reader: PageReader }): JSX.Element {
  const words = quickEntryWords[reader.language];
  return (
    <section
      class="quick-bar"
      id={`quick-bar-${reader.language}`}
      data-turbo-permanent
      data-quick-entry="bar"
      aria-label={words.title}
      hidden
    >
      <button type="button" class="link" data-quick-entry="close" safe>
        {words.close}
      </button>
      <QuickEntry reader={reader} line="" />
    </section>
  );
}

/** The line belongs to a form that reads it, the fields to the form that logs them. */
function QuickEntry({ reader, line, children }: PropsWithChildren<{ reader: PageReader; line: string }>): JSX.Element {
  const words = quickEntryWords[reader.language];
  return (
    <div data-quick-entry="area">
      <ActionForm reader={reader} action={address} class="quick-entry">
        <label for="quick-line" safe>
          {words.line}
        </label>
        <div class="quick-line">
          <input
            type="text"
            id="quick-line"
            name="line"
            form="quick-read"
            value={escapeHtml(line)}
            maxlength={longestLine}
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            enterkeyhint="go"
            aria-describedby="quick-hint"
            placeholder={escapeHtml(words.example)}
          />
          <button type="submit" form="quick-read" class="quiet" data-quick-entry="read" safe>
            {words.read}
          </button>
        </div>
        <p class="hint" id="quick-hint" safe>
          {words.hint}
        </p>
        <div class="quick-reading">{children}</div>
      </ActionForm>
      <form method="get" action={address} id="quick-read"></form>
    </div>
  );
}
