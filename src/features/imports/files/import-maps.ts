import type { ImportField } from './import-fields.js';

/** The source of a value: the columns with these headings, joined by a space. */
export type Source = readonly string[];

/** How the export of another program is read. If a field has several sources, the first one with a value counts. */
export interface ColumnMap {
  /** A file with all of these headings is such an export. */
  known: readonly string[];
  sources: Partial<Record<ImportField, readonly Source[]>>;
  /** What the program writes for a missing value. */
  emptyMark?: string;
}

/**
 * The exports of other programs, by the columns that they document. Their other columns (rates, tags, invoices, custom fields)
 * are ignored.
 */
export const columnMaps = {
  /**
   * Kimai: the CSV export of time records, and the columns of its importer
   * (www.kimai.org/documentation/plugin-import.html). Its durations are hours (`1.5`, `1:30`, `1:30:00`) or whole seconds, as its
   * settings say.
   */
  kimai: {
    known: ['Date', 'Duration', 'Customer', 'Project', 'Activity', 'Description'],
    sources: {
      workDate: [['Date']],
      duration: [['Duration']],
      begin: [['Begin'], ['From']],
      end: [['End'], ['To']],
      consultant: [['Email'], ['Name'], ['Alias'], ['User'], ['Username']],
      customer: [['Customer']],
      productLine: [['Project']],
      activity: [['Activity']],
      summary: [['Description']],
    },
  },
  /**
   * Toggl Track: the detailed report as CSV, current (`Member`, `Stop date`) and former (`User`, `End date`). Its durations are
   * `1:15:30`, or `22:40 min` and `50 sec` in the “classic” format.
   */
  toggl: {
    known: ['Start date', 'Start time', 'Duration', 'Project', 'Description'],
    emptyMark: '-',
    sources: {
      workDate: [['Start date']],
      hours: [['Duration']],
      begin: [['Start time']],
      end: [['Stop time'], ['End time']],
      consultant: [['Email'], ['Member'], ['User']],
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
  /** Clockify: the detailed report as CSV (clockify.me/help/reports/detailed-report). Its date format is a setting of the user. */
  clockify: {
    known: ['Project', 'Client', 'Description', 'User', 'Start Date', 'Start Time', 'Duration (h)'],
    sources: {
      workDate: [['Start Date']],
      hours: [['Duration (h)'], ['Duration (decimal)']],
      begin: [['Start Time']],
      end: [['End Time']],
      consultant: [['Email'], ['User']],
      customer: [['Client']],
      productLine: [['Project']],
      activity: [['Task']],
      summary: [['Description']],
    },
  },
  /** solidtime: the export of time entries as CSV (docs.solidtime.io). */
  solidtime: {
    known: ['Description', 'Project', 'Client', 'User', 'Start', 'End', 'Duration'],
    sources: {
      workDate: [['Start']],
      hours: [['Duration'], ['Duration (decimal)']],
      begin: [['Start']],
      end: [['End']],
      consultant: [['User']],
      customer: [['Client']],
      productLine: [['Project']],
      activity: [['Task']],
      summary: [['Description']],
    },
  },
} satisfies Record<string, ColumnMap>;

/** The programs by their names. */
export const programs = 'Kimai, Toggl Track, Harvest, Clockify, solidtime';

export type MapName = keyof typeof columnMaps;
export const mapNames = Object.keys(columnMaps) as MapName[];
