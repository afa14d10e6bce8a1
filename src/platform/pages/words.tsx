import { escapeHtml } from '@kitajs/html';

/** Browsers would break a line after these hyphens; they offer no break after the plus sign of `UTC+09:00`. */
const whole = /(UTC-\d\d:\d\d|\be-mail\b)/i;

/** A text in which `UTC-05:00` and `e-mail` stay on one line. */
export function Words({ text }: { text: string }): JSX.Element {
  return (
    <>
      {text.split(whole).map((part, at) =>
        at % 2 === 1 ? (
          <span class="whole" safe>
            {part}
          </span>
        ) : (
          <>{escapeHtml(part)}</>
        ),
      )}
    </>
  );
}
