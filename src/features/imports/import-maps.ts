import type { ImportField } from './import-fields.js';

/** Where a value is found: the columns with these headings, joined by a space. */
export type Source = readonly string[];

/** How the export of another program is read. Of several sources of a field the first that is filled counts. */
export interface ColumnMap {
  /** A file is such an export when it has all of these headings. */
  known: readonly string[];
  sources: Partial<Record<ImportField, readonly Source[]>>;
}

/**
 * The exports of other programs, by the columns that they document. What else they hold (rates, tags, invoices, fields that
 * somebody added) is not looked at.
 */
export const columnMaps = {
  /**
   * Kimai: the CSV export of time records, and the columns of its importer
   * (www.kimai.org/documentation/plugin-import.html). Its durations are hours (`1.5`, `1:30`, `1:30:00`) or whole seconds.
   */
  kimai: {
    known: ['Date', 'Duration', 'Customer', 'Project', 'Activity', 'Description'],
    sources: {
      workDate: [['Date']],
      duration: [['Duration']],
      consultant: [['Email'], ['Name'], ['Alias'], ['User'], ['Username']],
      customer: [['Customer']],
      productLine: [['Project']],
      activity: [['Activity']],
      summary: [['Description']],
    },
  },
  /** Toggl Track: the detailed report as CSV (support.toggl.com, “Editing and uploading a CSV file”). */
  toggl: {
    known: ['Start date', 'Start time', 'Duration', 'Project', 'Description'],
    sources: {
      workDate: [['Start date']],
      hours: [['Duration']],
      consultant: [['Email'], ['User']],
      customer: [['Client']],
      productLine: [['Project']],
      activity: [['Task']],
      summary: [['Description']],
    },
  },
  /** Harvest: the detailed time report as CSV (support.getharvest.com, “Detailed time and detailed expense reports”). */
  harvest: {
    known: ['Date', 'Client', 'Project', 'Task', 'Notes', 'Hours', 'First Name', 'Last Name'],
    sources: {
      workDate: [['Date']],
      hours: [['Hours']],
      consultant: [['First Name', 'Last Name']],
      customer: [['Client']],
      productLine: [['Project Code'], ['Project']],
      activity: [['Task']],
      summary: [['Notes']],
      reference: [['External Reference URL']],
    },
  },
} satisfies Record<string, ColumnMap>;

export type MapName = keyof typeof columnMaps;
export const mapNames = Object.keys(columnMaps) as MapName[];
