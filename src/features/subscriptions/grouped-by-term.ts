/** Groups rows by their term, in their order. A term without rows is left out. */
export function groupedByTerm<Row extends { termId: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const byTerm = new Map<string, Row[]>();
  for (const row of rows) {
    const ofTerm = byTerm.get(row.termId);
    if (ofTerm) ofTerm.push(row);
    else byTerm.set(row.termId, [row]);
  }
  return byTerm;
}
