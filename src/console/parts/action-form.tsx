import type { PropsWithChildren } from '@kitajs/html';
import { escapeHtml } from '@kitajs/html';
import { newId } from '../../platform/ids.js';
import type { PageReader } from '../page/console-page.js';

/**
 * A form that changes something. It contains the token of the session, and a key with which the service carries it out once, however
 * often it is sent.
 */
export function ActionForm({
  reader,
  action,
  id,
  class: className,
  keep,
  children,
}: PropsWithChildren<{
  reader: PageReader;
  action: string;
  id?: string;
  class?: string;
  /** `no`: what is typed is kept by a script of the form's own. */
  keep?: 'no';
}>): JSX.Element {
  return (
    <form method="post" action={escapeHtml(action)} id={id} class={className} data-keep={keep}>
      <input type="hidden" name="csrf" value={reader.csrf} />
      <input type="hidden" name="key" value={newId()} />
      {children}
    </form>
  );
}
