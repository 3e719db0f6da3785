/** What can be asked of the demo county, and what it says about what it delivered. */
import { HubError } from '../base/errors.ts';

export type CountyOptions = {
  officials: number;
  seed: number;
  /** Last day of the county's life; three years before it begins. */
  until: string;
  folder: string;
};

export const DEFAULT_OPTIONS = { officials: 1500, seed: 1, until: '2026-06-30' } as const;

/** Resident IDs stay unique up to here: one area code has a limited number of them per birth date. */
export const MOST_OFFICIALS = 100_000;

export type Progress = (step: string, done: number, total?: number) => void;

export type DeliverySummary = {
  /** Path under the county's folder. */
  file: string;
  asOf: string;
  sequence: number;
  /** Rows in the file, of all sheets, without headers. */
  rows: number;
  /** Rows that no connector can accept (wrong date, unknown category, missing cell). */
  brokenRows: number;
  /** The same bytes as this earlier file, under another name. */
  repeats?: string;
};

export type CountySummary = {
  options: Omit<CountyOptions, 'folder'>;
  officials: number;
  families: number;
  units: number;
  departments: Record<string, { rows: number; brokenRows: number; deliveries: DeliverySummary[] }>;
  /** Feeds whose departments had nothing to deliver; the feeds file leaves them out. */
  silent: string[];
  /** rule → number of answers of each kind. */
  planted: Record<string, { true: number; 'near-miss': number }>;
};

/** Refuses what cannot be built; the calendar of deliveries is written for one last day. */
export function checkOptions(options: CountyOptions): void {
  const { officials, seed, until } = options;
  const refuse = (reason: string): never => {
    throw new HubError('config.invalid', { reason });
  };
  if (!Number.isInteger(officials) || officials < 1 || officials > MOST_OFFICIALS)
    refuse(`officials must be 1–${MOST_OFFICIALS}`);
  if (!Number.isInteger(seed)) refuse('seed must be a whole number');
  if (until !== DEFAULT_OPTIONS.until) refuse(`until must be ${DEFAULT_OPTIONS.until}`);
}
