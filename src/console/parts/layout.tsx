import { escapeHtml, type PropsWithChildren } from '@kitajs/html';

/** A titled part of a page. `id` names its heading. */
export function Panel({
  id,
  title,
  level = 2,
  children,
}: PropsWithChildren<{ id: string; title: string; level?: 2 | 3 }>): JSX.Element {
  return (
    <section class="panel" aria-labelledby={id}>
      {level === 2 ? (
        <h2 id={id} safe>
          {title}
        </h2>
      ) : (
        <h3 id={id} safe>
          {title}
        </h3>
      )}
      {children}
    </section>
  );
}

export type Tone = 'plain' | 'good' | 'warn' | 'bad';

/** A short state in words. Its colour only repeats what the words say. */
export const Badge = ({ text, tone = 'plain' }: { text: string; tone?: Tone }): JSX.Element => (
  <span class={`badge ${tone}`} safe>
    {text}
  </span>
);

/** A list without rows: says why it is empty and what to do next. */
export function Empty({ text, href, verb }: { text: string; href?: string; verb?: string }): JSX.Element {
  return (
    <div class="empty">
      <p safe>{text}</p>
      {href !== undefined && verb !== undefined && (
        <p>
          <a class="button" href={escapeHtml(href)} safe>
            {verb}
          </a>
        </p>
      )}
    </div>
  );
}

/** Links to the parts of one thing. */
export function Tabs({
  label,
  tabs,
}: {
  label: string;
  tabs: readonly { text: string; href: string; isHere: boolean }[];
}): JSX.Element {
  return (
    <nav class="tabs" aria-label={escapeHtml(label)}>
      <ul>
        {tabs.map(({ text, href, isHere }) => (
          <li>
            <a href={escapeHtml(href)} aria-current={isHere ? 'page' : undefined} safe>
              {text}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** Names with their values. */
export function Facts({ facts }: { facts: readonly { name: string; value: JSX.Element }[] }): JSX.Element {
  return (
    <dl class="facts">
      {facts.map(({ name, value }) => (
        <div>
          <dt safe>{name}</dt>
          <dd>{value as 'safe'}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Leads to the next page of a list, if there is one. */
export function Pager({ href, text }: { href: string | null; text: string }): JSX.Element {
  if (href === null) return <></>;
  return (
    <nav class="pager">
      <a class="button" rel="next" href={escapeHtml(href)} safe>
        {text}
      </a>
    </nav>
  );
}

/** Filters as links: those that apply are marked. */
export function Chips({
  label,
  chips,
}: {
  label: string;
  chips: readonly { text: string; href: string; isOn: boolean }[];
}): JSX.Element {
  return (
    <ul class="chips" aria-label={escapeHtml(label)}>
      {chips.map(({ text, href, isOn }) => (
        <li>
          <a href={escapeHtml(href)} aria-current={isOn ? 'true' : undefined} safe>
            {text}
          </a>
        </li>
      ))}
    </ul>
  );
}
