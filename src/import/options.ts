import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { words, type CommandLanguage } from './words.js';

/** The options of one run. */
export interface Options {
  /** The path of the file. */
  path: string;
  url: URL;
  token: string;
  dryRun: boolean;
  atomic: boolean;
  language: CommandLanguage;
  /** Where to write refused rows. Default: beside the file. */
  refused: string | undefined;
  encoding: 'utf-8' | 'cp932' | 'windows-1252';
  /** The delimiter, if it is stated. */
  delimiter: string | undefined;
  /** Whether to book every row, even if an equal entry exists. */
  booksDuplicates: boolean;
}

/** Thrown if the command cannot do what its user asked. The message is for that user. */
export class UsageError extends Error {}

/** Values for the whole file, sent as parameters of the route. */
const ofTheFile = {
  map: 'map',
  encoding: 'encoding',
  delimiter: 'delimiter',
  durations: 'durations',
  decimal: 'decimal',
  dates: 'dates',
  duplicates: 'duplicates',
  'subscription-id': 'subscriptionId',
  customer: 'customer',
  consultant: 'consultant',
  'product-line': 'productLine',
  activity: 'activity',
  delivery: 'delivery',
  summary: 'summary',
} as const;
const namesOfTheFile = Object.keys(ofTheFile) as (keyof typeof ofTheFile)[];

const text = { type: 'string' } as const;
const yes = { type: 'boolean', default: false } as const;
const known = {
  ...(Object.fromEntries(namesOfTheFile.map((name) => [name, text])) as Record<keyof typeof ofTheFile, typeof text>),
  'dry-run': yes,
  atomic: yes,
  help: { ...yes, short: 'h' },
  url: text,
  'token-file': text,
  language: text,
  refused: text,
} as const;

/** The language of the terminal, unless another one is stated. */
export function languageOf(env: NodeJS.ProcessEnv): CommandLanguage {
  return (env.LC_ALL || env.LC_MESSAGES || env.LANG || '').startsWith('ja') ? 'ja' : 'en';
}

/**
 * Parses the command line. The token is never an argument, because every user of a machine can see arguments.
 * @throws UsageError
 */
export function readOptions(typed: string[], env: NodeJS.ProcessEnv): Options | { helpIn: CommandLanguage } {
  const { values, positionals } = parsed(typed, languageOf(env));
  const language = values.language ?? languageOf(env);
  if (language !== 'en' && language !== 'ja') throw new UsageError(words.en.languageUnknown(language));
  const say = words[language];
  if (values.help) return { helpIn: language };
  const [file, ...others] = positionals;
  if (file === undefined) throw new UsageError(say.fileNotNamed);
  if (others.length > 0) throw new UsageError(say.severalFiles);

  // npm runs scripts in the folder of the package, and sets INIT_CWD to the folder of the caller.
  const from = env.npm_lifecycle_event === 'import' && env.INIT_CWD ? env.INIT_CWD : process.cwd();
  const url = addressOf(values.url ?? env.PUBLIC_URL ?? 'http://localhost:3000', language);
  const query = url.searchParams;
  for (const name of namesOfTheFile) if (values[name] !== undefined) query.set(ofTheFile[name], values[name]);
  query.set('fileName', basename(file).slice(0, mostFileNameCharacters));
  if (values['dry-run']) query.set('dryRun', 'true');
  if (values.atomic) query.set('atomic', 'true');
  return {
    path: resolve(from, file),
    url,
    token: tokenOf(values['token-file'] && resolve(from, values['token-file']), env, language),
    dryRun: values['dry-run'],
    atomic: values.atomic,
    language,
    refused: values.refused === undefined ? undefined : resolve(from, values.refused),
    // The service accepts no other delimiters.
    encoding: values.encoding === 'cp932' || values.encoding === 'windows-1252' ? values.encoding : 'utf-8',
    delimiter: delimiters.get(values.delimiter ?? ''),
    booksDuplicates: values.duplicates === 'book',
  };
}

const delimiters: ReadonlyMap<string, string> = new Map([
  ['comma', ','],
  ['semicolon', ';'],
  ['tab', '\t'],
]);
/** The limit of the service for file names. */
const mostFileNameCharacters = 255;

function parsed(typed: string[], language: CommandLanguage) {
  try {
    return parseArgs({ args: typed, options: known, allowPositionals: true });
  } catch (error) {
    throw new UsageError(words[language].optionUnknown((error as Error).message));
  }
}

function addressOf(text: string, language: CommandLanguage): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw new UsageError(words[language].addressInvalid(text));
  // The address of the API also stands for the service.
  url.pathname = url.pathname.replace(/(\/v1)?\/?$/, '/v1/time-entries/import');
  url.search = '';
  url.hash = '';
  return url;
}

function tokenOf(file: string | undefined, env: NodeJS.ProcessEnv, language: CommandLanguage): string {
  const token = (file === undefined ? (env.TRM_TOKEN ?? env.ADMIN_TOKEN ?? '') : contentOf(file, language)).trim();
  if (token === '') throw new UsageError(words[language].noToken);
  if (!/^[\x21-\x7e]+$/.test(token)) throw new UsageError(words[language].tokenUnreadable);
  return token;
}

function contentOf(file: string, language: CommandLanguage): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(words[language].fileUnreadable(file, (error as NodeJS.ErrnoException).code ?? ''));
  }
}
