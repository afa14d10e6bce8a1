import { statSync } from 'node:fs';
import { isOutcome, isProblem, type Outcome } from './answers.js';
import { readOptions, UsageError, type Options } from './options.js';
import { Progress } from './progress.js';
import { withReasons, writeRefused } from './refused-rows.js';
import { NoAnswer, sendFile, type Answer } from './sending.js';
import { outcomeText, problemText, reasonOf } from './printer.js';
import { words } from './words.js';

/** Exit codes: all rows accepted, something refused, or the request failed. */
const [accepted, refused, failed] = [0, 1, 2];

/** Sends a file of hours to the service through its public interface, and prints the outcome. */
async function run(): Promise<number> {
  const options = readOptions(process.argv.slice(2), process.env);
  if ('helpIn' in options) {
    console.log(words[options.helpIn].help);
    return accepted;
  }
  const { status, body } = await sent(options);
  const say = words[options.language];
  if (isOutcome(body)) {
    console.log(outcomeText(body, options.atomic, say));
    if (body.refused > 0) await writeRefusedRows(body, options);
    const advice = adviceAfter(body, options);
    if (advice !== undefined) console.log(advice);
    return body.refused > 0 ? refused : accepted;
  }
  if (status === 401) throw new UsageError(say.tokenUnknown);
  if (status === 403) throw new UsageError(say.notPermitted);
  // The service always has this route. So a 404 means that another server answered.
  if (!isProblem(body) || status === 404)
    throw new UsageError(say.notTheService(options.url.href.replace(/[?].*$/, ''), status));
  console.error(problemText(body, say));
  return aboutTheFile.has(body.code) ? refused : failed;
}

/** Refusals of the file itself. All others concern how it was sent. */
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

/** The next step for the user, after refused rows or a dry run. */
function adviceAfter({ dryRun, refused }: Outcome, { atomic, booksDuplicates, language }: Options): string | undefined {
  const say = words[language];
  if (dryRun) return refused > 0 ? say.correctBeforeSending : say.sendForReal;
  if (refused === 0 || atomic) return undefined;
  return booksDuplicates ? say.correctRefusedFile : say.correctAndSendAgain;
}

/** An atomic import booked nothing, so the user must correct the file itself. */
async function writeRefusedRows({ problems, problemsOmitted }: Outcome, options: Options): Promise<void> {
  const { path, atomic, encoding, delimiter, language } = options;
  if (atomic && options.refused === undefined) return;
  const say = words[language];
  const reasons = new Map(problems.map((problem) => [problem.line, reasonOf(problem, say)]));
  try {
    const rows = await withReasons(path, { encoding, delimiter }, say.reasonHeading, reasons);
    const written = writeRefused(rows, path, options.refused);
    console.log(
      problemsOmitted > 0
        ? say.firstRefusedRowsWritten(reasons.size, problemsOmitted, written)
        : say.refusedRowsWritten(reasons.size, written),
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
    process.exitCode = failed;
  },
);
