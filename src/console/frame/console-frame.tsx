import { escapeHtml } from '@kitajs/html';
import { scopeOf } from '../../domain/access.js';
import type { Language } from '../../domain/language.js';
import { assetPath } from '../../platform/pages/assets.js';
import type { Flash } from '../page/flash.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { ActionForm } from '../parts/action-form.js';
import { QuickEntryBar } from '../quick-entry/quick-entry.page.js';
import { Moment } from '../parts/day-time.js';
import { homeOf, menuOf, type NavigationGroup, type NavigationItem } from './navigation.js';
import { frameWords } from './frame.words.js';

/** The number of menu items that a phone shows at the lower edge; the others are behind "More". */
const itemsAtThumb = 4;

/** The page of the console around its main part: menu, search, quick entry, the user's menu, and the message of the form before. */
export function ConsoleFrame({
  reader,
  page: { title, main, wide },
  flash,
}: {
  reader: PageReader;
  page: ShownPage;
  flash: Flash;
}): JSX.Element {
  const { language, actor, shortcuts } = reader;
  const words = frameWords[language];
  const menu = menuOf(actor.role);
  return (
    <>
      {'<!doctype html>'}
      <html lang={language}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <meta name="robots" content="noindex, nofollow" />
          <meta name="format-detection" content="telephone=no, date=no, address=no, email=no" />
          <meta name="turbo-root" content="/console" />
          <meta name="turbo-cache-control" content="no-cache" />
          <meta name="turbo-prefetch" content="false" />
          <meta name="turbo-refresh-method" content="morph" />
          <meta name="turbo-refresh-scroll" content="preserve" />
          <title safe>{`${title} – TRM`}</title>
          <link rel="stylesheet" href={assetPath('trm.css')} data-turbo-track="reload" />
          <link rel="icon" href={assetPath('icon.svg')} type="image/svg+xml" />
          <script type="module" src={assetPath('main.js')} data-turbo-track="reload"></script>
        </head>
        <body data-shortcuts={shortcuts ? 'on' : 'off'} data-user={actor.userId}>
          <a class="button skip" href="#main">
            {words.skip}
          </a>
          <div class="console">
            <header class="topbar">
              <a class="brand" href={homeOf(actor.role)} translate="no">
                TRM
              </a>
              <span class="space"></span>
              {scopeOf('time-entries.log', actor.role) !== 'never' && (
                <a class="button" href="/console/quick-entry" data-quick-entry="open">
                  {words.logTime}
                </a>
              )}
              {scopeOf('me.read', actor.role) !== 'never' && actor.role !== 'customer' && (
                <a class="button quiet" href="/console/find" data-palette="open">
                  {words.find}
                </a>
              )}
              <UserMenu reader={reader} />
            </header>
            {hasQuickEntryBar(reader) && <QuickEntryBar reader={reader} />}
            <nav class="sidebar menu" aria-label={words.menu}>
              <MenuItems menu={menu} reader={reader} />
            </nav>
            <div class="page">
              {reader.isSimulated && <SimulatedTime reader={reader} />}
              <main id="main" tabindex="-1" class={wide ? 'wide' : undefined}>
                {main}
              </main>
              <footer>
                <a href="/console/keys" data-keys="open">
                  {words.keys}
                </a>{' '}
                · <a href="/console/accessibility">{words.accessibility}</a>
              </footer>
            </div>
            <ThumbMenu menu={menu} reader={reader} />
          </div>
          <Toast flash={flash} reader={reader} />
        </body>
      </html>
    </>
  );
}

/** The page of the quick entry is the bar itself. */
const hasQuickEntryBar = ({ actor, path }: PageReader): boolean =>
  scopeOf('time-entries.log', actor.role) !== 'never' && !/^\/console\/quick-entry(\?|$)/.test(path);

/** Nobody should take a simulated day for the real one. */
function SimulatedTime({ reader }: { reader: PageReader }): JSX.Element {
  const { language, actor } = reader;
  const words = frameWords[language];
  return (
    <aside class="simulated" aria-label={words.simulated}>
      {words.simulated}: <Moment at={reader.now} reader={reader} />
      {scopeOf('clock.manage', actor.role) !== 'never' && (
        <>
          {' '}
          <a href="/console/clock">{words.setClock}</a>
        </>
      )}
    </aside>
  );
}

const pathBelow = ({ path }: NavigationItem): string => `/console/${path}`;

/** Whether the page is the item's own or stands below it, and below no item that is more exact. */
function isHere(item: NavigationItem, { path, actor: { role } }: PageReader): boolean {
  const [address] = path.split('?');
  const [nearest] = menuOf(role)
    .filter((one) => address === pathBelow(one) || address!.startsWith(`${pathBelow(one)}/`))
    .sort((one, other) => other.path.length - one.path.length);
  return nearest?.path === item.path;
}

function MenuLink({ item, reader }: { item: NavigationItem; reader: PageReader }): JSX.Element {
  return (
    <a
      href={pathBelow(item)}
      aria-current={isHere(item, reader) ? 'page' : undefined}
      data-key={item.key === undefined ? undefined : `g ${item.key}`}
      safe
    >
      {item.name[reader.language]}
    </a>
  );
}

const groups: readonly NavigationGroup[] = ['work', 'finance', 'administration'];

/** The items by group. A menu of one group needs no headings. */
function MenuItems({ menu, reader }: { menu: readonly NavigationItem[]; reader: PageReader }): JSX.Element {
  const shown = groups.filter((group) => menu.some((item) => item.group === group));
  return (
    <>
      {shown.map((group) => (
        <>
          {shown.length > 1 && <h2>{frameWords[reader.language].groups[group]}</h2>}
          <ul>
            {menu
              .filter((item) => item.group === group)
              .map((item) => (
                <li>
                  <MenuLink item={item} reader={reader} />
                </li>
              ))}
          </ul>
        </>
      ))}
    </>
  );
}

function ThumbMenu({ menu, reader }: { menu: readonly NavigationItem[]; reader: PageReader }): JSX.Element {
  const words = frameWords[reader.language];
  return (
    <nav class="tabbar" aria-label={words.menu}>
      {menu.slice(0, itemsAtThumb).map((item) => (
        <MenuLink item={item} reader={reader} />
      ))}
      {menu.length > itemsAtThumb && (
        <details>
          <summary>{words.more}</summary>
          <div class="menu">
            <MenuItems menu={menu.slice(itemsAtThumb)} reader={reader} />
          </div>
        </details>
      )}
    </nav>
  );
}

const otherLanguage = { en: 'ja', ja: 'en' } as const satisfies Record<Language, Language>;

function UserMenu({ reader }: { reader: PageReader }): JSX.Element {
  const { language, actor, path } = reader;
  const words = frameWords[language];
  const other = otherLanguage[language];
  return (
    <details class="user">
      <summary safe>{actor.name}</summary>
      <div>
        <p class="soft" safe>
          {actor.email}
        </p>
        <p>
          <a href="/console/profile">{words.profile}</a>
        </p>
        <ActionForm reader={reader} action="/console/language">
          <input type="hidden" name="language" value={other} />
          <input type="hidden" name="from" value={escapeHtml(path)} />
          <button type="submit" class="link" lang={other}>
            {words.inOther}
          </button>
        </ActionForm>
        <ActionForm reader={reader} action="/console/sign-out">
          <button type="submit" class="quiet">
            {words.signOut}
          </button>
        </ActionForm>
      </div>
    </details>
  );
}

/** The message of the form before. Without a script it stays until the next page. */
function Toast({ flash: { said, undo }, reader }: { flash: Flash; reader: PageReader }): JSX.Element {
  return (
    <div id="toasts" role="status">
      {said !== undefined && (
        <div class="toast" data-toast="shown">
          <p safe>{said}</p>
          {undo !== undefined && (
            <ActionForm reader={reader} action={undo.action}>
              <button type="submit" data-undo="last" safe>
                {undo.label}
              </button>
            </ActionForm>
          )}
        </div>
      )}
    </div>
  );
}
