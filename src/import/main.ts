import { statSync } from 'node:fs';
import { isOutcome, isProblem, type Outcome } from './answers.js';
import { readOptions, UsageError, type Options } from './options.js';
import { Progress } from './progress.js';
import { keep, withReasons } from './refused-rows.js';
import { NoAnswer, sendFile, type Answer } from './sending.js';
import { outcomeTold, problemTold, reasonOf } from './printer.js';
import { words } from './words.js';

/** How it ends: all was taken, something was refused, or it could not even be asked. */
const [taken, refused, notAsked] = [0, 1, 2];

/** Sends a file of hours to the service, through its public interface alone, and tells what became of it. */
async function run(): Promise<number> {
  const options = readOptions(process.argv.slice(2), process.env);
  if ('helpIn' in options) {
    console.log(words[options.helpIn].help);
    return taken;
  }
  const { status, body } = await sent(options);
  const say = words[options.language];
  if (isOutcome(body)) {
    console.log(outcomeTold(body, options.atomic, say));
    if (body.refused > 0) await keepRefused(body, options);
    const advice = adviceAfter(body, options);
    if (advice !== undefined) console.log(advice);
    return body.refused > 0 ? refused : taken;
  }
  if (status === 401) throw new UsageError(say.tokenWrong);
  if (status === 403) throw new UsageError(say.mayNot);
  // The service itself has this address; who does not find it is asked at another one.
  if (!isProblem(body) || status === 404)
    throw new UsageError(say.notTheService(options.url.href.replace(/[?].*$/, ''), status));
  console.error(problemTold(body, say));
  return aboutTheFile.has(body.code) ? refused : notAsked;
}

/** Refusals of the file itself; all others are about how it was sent. */
const aboutTheFile = new Set(['malformed-csv', 'file-too-long', 'payload-too-large', 'too-many-rows']);

async function sent({ path, ...order }: Options): Promise<Answer> {
  const say = words[order.language];
  const bytes = sizeOf(path, order.language);
  const progress = new Progress(bytes, process.stderr, say);
  try {
    return await sendFile({ path, bytes }, order, (total) => progress.sent(total));
  } catch (error) {
    if (error instanceof NoAnswer) throw new UsageError(say.noAnswer(order.url.origin, error.message));
    throw new UsageError(say.fileUnreadable(path, codeOf(error)));
  } finally {
    progress.end();
  }
}

function sizeOf(path: string, language: Options['language']): number {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new UsageError(words[language].fileMissing(path));
  if (!found.isFile()) throw new UsageError(words[language].fileUnreadable(path, 'EISDIR'));
  return found.size;
}

/** What is to be done next: with refused rows, or after a dry run. */
function adviceAfter({ dryRun, refused }: Outcome, { atomic, booksDuplicates, language }: Options): string | undefined {
  const say = words[language];
  if (dryRun) return refused > 0 ? say.mendBeforeSending : say.sendForReal;
  if (refused === 0 || atomic) return undefined;
  return booksDuplicates ? say.mendApart : say.mend;
}

/** Where it is all or nothing, nothing was taken: the file itself is to be mended. */
async function keepRefused({ problems, problemsOmitted }: Outcome, options: Options): Promise<void> {
  const { path, atomic, encoding, delimiter, language } = options;
  if (atomic && options.refused === undefined) return;
  const say = words[language];
  const reasons = new Map(problems.map((problem) => [problem.line, reasonOf(problem, say)]));
  try {
    const rows = await withReasons(path, { encoding, delimiter }, say.reasonHeading, reasons);
    const kept = keep(rows, path, options.refused);
    console.log(
      problemsOmitted > 0 ? say.keptFirst(reasons.size, problemsOmitted, kept) : say.kept(reasons.size, kept),
    );
  } catch (error) {
    console.error(say.notWritten(options.refused ?? path, codeOf(error)));
  }
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? (error as Error).message;

run().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof UsageError ? error.message : error);
    process.exitCode = notAsked;
  },
);
