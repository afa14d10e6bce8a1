import { csv } from './csv.format.js';
import { json } from './json.format.js';
import { ndjson } from './ndjson.format.js';
import type { ReportFormat } from './report-format.js';
import { xlsx } from './xlsx.format.js';

/** The formats that are offered; the name of each is the end of its files' names. */
export const formats = { csv, json, ndjson, xlsx } satisfies Record<string, ReportFormat>;

export type FormatName = keyof typeof formats;

export const formatNames = Object.keys(formats) as FormatName[];
