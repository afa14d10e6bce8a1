/** A variable that is set but not read, and the variable that it resembles. */
export interface MisspeltName {
  readonly name: string;
  readonly meant: string;
}

/** Prefixes that people put before the names of the service's variables. */
const prefix = 'TRM_';

/** Shorter names resemble too many names of other programs: for them only two swapped letters count as a misspelling. */
const shortestWithDistance = 6;

/** From this length on, two mistakes count as a misspelling, otherwise one. */
const shortestWithTwo = 10;

/**
 * Finds variables that look misspelt. `set` are the names in the environment, `known` the names that the service reads. Case and
 * underscores do not count: `smtp_url` and `SMTPURL` mean `SMTP_URL`. Names of other programs are ignored.
 */
export function misspeltNames(set: readonly string[], known: ReadonlySet<string>): MisspeltName[] {
  return set
    .filter((name) => !known.has(name))
    .flatMap((name) => {
      const meant = [...known].find((candidate) => resembles(name, candidate));
      return meant === undefined ? [] : [{ name, meant }];
    });
}

function resembles(name: string, candidate: string): boolean {
  if (name === prefix + candidate) return true;
  const [one, other] = [plain(name), plain(candidate)];
  if (candidate.length < shortestWithDistance) return one !== other && areExchanged(one, other);
  return distance(one, other) <= (candidate.length < shortestWithTwo ? 1 : 2);
}

const plain = (name: string): string => name.toUpperCase().replaceAll('_', '');

/** Whether two names differ only by two swapped neighbouring letters. */
const areExchanged = (one: string, other: string): boolean =>
  one.length === other.length && distance(one, other) === 1 && [...one].sort().join() === [...other].sort().join();

/** The number of letters that were added, left out, replaced or swapped with their neighbours. */
function distance(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > 2) return Infinity;
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    for (let column = 1; column <= other.length; column++) {
      const isSame = one[row - 1] === other[column - 1];
      const isExchanged = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      current[column] = Math.min(
        last[column]! + 1,
        current[column - 1]! + 1,
        last[column - 1]! + (isSame ? 0 : 1),
        row > 1 && column > 1 && isExchanged ? beforeLast[column - 2]! + 1 : Infinity,
      );
    }
    [beforeLast, last] = [last, current];
  }
  return last[other.length]!;
}
