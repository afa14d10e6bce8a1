import { escapeHtml } from '@kitajs/html';

export interface BarPart {
  amount: number;
  /** Its colour: `used`, `planned`, `expired`; what is not covered stays empty. */
  kind: 'used' | 'planned' | 'expired';
}

const width = 1000;

/**
 * A bar whose parts share `whole`, e.g. the hours of a term. The text beside it says the same; so the bar has a text of its own only if
 * `text` is given. `mark` is a line across the bar, e.g. the plan of today.
 */
export function Bar({
  whole,
  parts,
  mark,
  text,
}: {
  whole: number;
  parts: readonly BarPart[];
  mark?: number;
  text?: string;
}): JSX.Element {
  const at = (amount: number): number => (whole > 0 ? Math.min(width, Math.max(0, (amount / whole) * width)) : 0);
  let start = 0;
  return (
    <svg
      class="bar"
      viewBox={`0 0 ${width} 12`}
      preserveAspectRatio="none"
      role={text === undefined ? undefined : 'img'}
      aria-label={text === undefined ? undefined : escapeHtml(text)}
      aria-hidden={text === undefined ? 'true' : undefined}
    >
      <rect class="whole" x="0" y="0" width={width} height="12" rx="0" />
      {parts.map(({ amount, kind }) => {
        const x = at(start);
        start += amount;
        return <rect class={kind} x={x} y="0" width={Math.max(0, at(start) - x)} height="12" />;
      })}
      {mark !== undefined && <rect class="mark" x={Math.min(width - 4, at(mark))} y="0" width="4" height="12" />}
    </svg>
  );
}
