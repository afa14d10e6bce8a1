import { escapeHtml } from '@kitajs/html';
import type { Refusal } from '../../domain/refusal.js';
import { faultText, type FormShown } from '../../platform/pages/fields.js';
import type { PageReader } from '../page/console-page.js';

/** A form as it is shown first (`typed` holds its defaults), or again with what was typed and the faults of a refusal. */
export function formShown(
  { language }: Pick<PageReader, 'language'>,
  typed: Readonly<Record<string, string>> = {},
  refusal?: Refusal,
): FormShown {
  return { language, typed, errors: refusal?.errors ?? [] };
}

export interface Option {
  value: string;
  text: string;
}

/** A choice of one value. A phone shows its own picker. */
export function Choice({
  name,
  label,
  hint,
  options,
  form,
  required,
  empty,
}: {
  name: string;
  label: string;
  hint?: string;
  options: readonly Option[];
  form: FormShown;
  required?: boolean;
  /** The text of the choice of nothing, which comes first. Without it there is no such choice. */
  empty?: string;
}): JSX.Element {
  const fault = form.errors.find(({ pointer }) => pointer === `/${name}`);
  const described = [hint !== undefined && `${name}-hint`, fault && `${name}-fault`].filter((id) => id);
  const typed = form.typed[name] ?? '';
  return (
    <div class="field">
      <label for={name} safe>
        {label}
      </label>
      {hint !== undefined && (
        <p class="hint" id={`${name}-hint`} safe>
          {hint}
        </p>
      )}
      <select
        id={name}
        name={name}
        required={required}
        aria-invalid={fault ? 'true' : undefined}
        aria-describedby={described.length > 0 ? described.join(' ') : undefined}
      >
        {empty !== undefined && (
          <option value="" safe>
            {empty}
          </option>
        )}
        {options.map(({ value, text }) => (
          <option value={escapeHtml(value)} selected={value === typed} safe>
            {text}
          </option>
        ))}
      </select>
      {fault !== undefined && (
        <p class="fault" id={`${name}-fault`} safe>
          {faultText(fault, label, form.language)}
        </p>
      )}
    </div>
  );
}

/** A checkbox. Its value is `true`; unchecked, the form does not contain it. */
export function Check({
  name,
  label,
  form,
  required,
}: {
  name: string;
  label: string;
  form: FormShown;
  required?: boolean;
}): JSX.Element {
  return (
    <div class="field">
      <label class="check">
        <input type="checkbox" name={name} value="true" checked={form.typed[name] === 'true'} required={required} />
        <span safe>{label}</span>
      </label>
    </div>
  );
}
