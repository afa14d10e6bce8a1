import type { PageReader, ShownPage } from '../page/console-page.js';
import { keyGroups, type KeyRow } from './key-list.js';
import { keysWords } from './keys.words.js';

/** The keys of the console, by group. The page shows them, and a dialog over any other page. */
export function KeyTables({ reader: { actor, language, shortcuts } }: { reader: PageReader }): JSX.Element {
  const words = keysWords[language];
  return (
    <>
      <p class="soft">
        {shortcuts ? words.explanation : words.off} <a href="/console/profile">{words.profile}</a>
      </p>
      <div class="columns">
        {keyGroups(actor.role)
          .filter(({ rows }) => rows.length > 0)
          .map(({ title, rows }) => (
            <section>
              <h2 safe>{title[language]}</h2>
              <dl class="keys">
                {rows.map((row) => (
                  <div>
                    <dt>
                      <Keys row={row} or={words.or} />
                    </dt>
                    <dd safe>{row.does[language]}</dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
      </div>
    </>
  );
}

function Keys({ row: { keys }, or }: { row: KeyRow; or: string }): JSX.Element {
  return (
    <>
      {keys.map((together, way) => (
        <span class="whole">
          {way > 0 && <span class="soft" safe>{` ${or} `}</span>}
          {together.map((key) => (
            <kbd safe>{key}</kbd>
          ))}
        </span>
      ))}
    </>
  );
}

/** The page of all keys, which works without scripts. */
export function keysPage(reader: PageReader): ShownPage {
  const { title } = keysWords[reader.language];
  return {
    title,
    main: (
      <>
        <h1>{title}</h1>
        <KeyTables reader={reader} />
      </>
    ),
  };
}

/** The same keys as a dialog. */
export function keysDialog(reader: PageReader): JSX.Element {
  const words = keysWords[reader.language];
  return (
    <>
      <div class="row apart">
        <h1 id="keys-title">{words.title}</h1>
        <form method="dialog">
          <button type="submit" class="quiet">
            {words.close}
          </button>
        </form>
      </div>
      <KeyTables reader={reader} />
    </>
  );
}
