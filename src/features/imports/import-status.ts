/** `interrupted`: its process stopped or was killed. `undoing`: some of its entries may still stand. */
export type ImportStatus = 'running' | 'done' | 'interrupted' | 'undoing' | 'undone';

/** The outcomes of rows, counted. */
export interface ImportCounts {
  accepted: number;
  present: number;
  refused: number;
  minutes: number;
}

/** An import as the list shows it. */
export interface KeptImport extends ImportCounts {
  id: string;
  status: ImportStatus;
  fileName: string | null;
  map: string | null;
  startedAt: Date;
  startedBy: string;
  startedByName: string | null;
  endedAt: Date | null;
  rows: number;
  undo: { reason: string; startedAt: Date; endedAt: Date | null; undoneBy: string; reversed: number } | null;
}
