/**
 * How a department writes: which columns, on which dates it delivers, and the rows it would show on
 * a date. A delivery holds what differs from the one before; that is worked out in deliver.ts.
 */
import type { Family } from '../model.ts';

/** What a cell holds decides which spellings and mistakes a clerk may make in it. */
export type CellKind = 'text' | 'name' | 'id' | 'date' | 'money' | 'code' | 'number';

export type SheetPlan = {
  /** Worksheet, table or file stem. */
  name: string;
  columns: readonly (readonly [column: string, kind: CellKind, isRequired?: 'required'])[];
};

export type SheetRow = { sheet: number; cells: string[] };

export type Department = {
  feed: string;
  sheets: readonly SheetPlan[];
  /** First the load of the history, then what is new since the delivery before. */
  dates: readonly string[];
  /** Everything the department knows about the family on this date, each row at most once. */
  rows(family: Family, asOf: string): SheetRow[];
};
