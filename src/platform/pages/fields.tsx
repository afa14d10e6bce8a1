import { escapeHtml } from '@kitajs/html';
import { fieldErrors, type FieldError } from '../../domain/field-errors.js';
import type { Language } from '../../domain/language.js';
import { say } from '../sentences.js';

export interface FieldShown {
  name: string;
  label: string;
  hint?: string;
  required?: boolean;
  lines?: 'one' | 'many';
  /** The kind of a field with one line. Default: text. */
  type?: 'text' | 'search' | 'email' | 'date' | 'time' | 'month' | 'datetime-local' | 'password';
  /** Which keys a phone shows. */
  inputMode?: 'numeric' | 'decimal';
  maxLength: number;
  /** The `autocomplete` attribute. */
  autocomplete?: string;
}

/** A form that is shown again, with what the user typed and its faults. */
export interface FormShown {
  language: Language;
  typed: Readonly<Record<string, string>>;
  errors: readonly FieldError[];
}

/** A field with its label, the typed text and its fault. The first field with a fault gets the focus. */
export function Field({ field, form }: { field: FieldShown; form: FormShown }): JSX.Element {
  const {
    name,
    label,
    hint,
    required,
    lines = 'one',
    type = 'text',
    inputMode,
    maxLength,
    autocomplete = 'off',
  } = field;
  const fault = form.errors.find(({ pointer }) => pointer === `/${name}`);
  const described = [hint !== undefined && `${name}-hint`, fault && `${name}-fault`].filter((id) => id);
  const attributes = {
    id: name,
    name,
    required,
    maxlength: maxLength,
    autocomplete,
    inputmode: inputMode,
    autofocus: fault !== undefined && fault === form.errors[0],
    'aria-invalid': fault ? 'true' : undefined,
    'aria-describedby': described.length > 0 ? described.join(' ') : undefined,
  };
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
      {lines === 'many' ? (
        <textarea {...attributes} safe>
          {form.typed[name] ?? ''}
        </textarea>
      ) : (
        // In attributes, the renderer escapes only quotes: a typed `&lt;` would be shown as `<`.
        <input type={type} {...attributes} value={escapeHtml(form.typed[name] ?? '')} />
      )}
      {fault !== undefined && (
        <p class="fault" id={`${name}-fault`} safe>
          {faultText(fault, label, form.language)}
        </p>
      )}
    </div>
  );
}

/** `Your full name is required.`, `お名前：必須項目です。` */
export function faultText(fault: FieldError, label: string, language: Language): string {
  const detail = say(fieldErrors[fault.code][language], language, fault.params);
  return language === 'ja' ? `${label}：${detail}。` : `${label} ${detail}.`;
}
