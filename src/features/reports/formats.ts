import { csv } from './csv.format.js';
import { json } from './json.format.js';
import { ndjson } from './ndjson.format.js';
import type { ReportFormat } from './report-format.js';
import { xlsx } from './xlsx.format.js';

/** The available formats. Each name is also the file extension. */
export const formats = { csv, json, ndjson, xlsx } satisfies Record<string, ReportFormat>;

export type FormatName = keyof typeof formats;

export const formatNames = Object.keys(formats) as FormatName[];
