import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectPath } from './project-root.js';

/** The version and commit of the running code. */
export interface Release {
  /** The version in `package.json`. */
  readonly version: string;
  /** The Git commit that was built, with `-dirty` if files had changed since; null where the build did not know it. */
  readonly commit: string | null;
}

/** `config/build.mjs` writes the commit beside the compiled code, so neither Git nor its folder is needed here. */
export function readRelease(): Release {
  const { version } = readJson(projectPath('package.json')) as { version: string };
  const build = join(__dirname, '..', '..', 'build.json');
  const commit = existsSync(build) ? (readJson(build) as { commit: string | null }).commit : null;
  return { version, commit };
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
