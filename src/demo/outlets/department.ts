/**
 * How a department writes: which columns, on which dates it delivers, by which way, and the rows it
 * would show on a date. A delivery holds what differs from the one before; that is worked out in
 * desk.ts. Each file of ../departments is one department; a feed without such a file is delivered
 * from its manifest alone (generic.ts).
 */
import type { County } from '../county.ts';
import type { Family } from '../model.ts';
import type { Outlet } from './outlet.ts';

/** What a cell holds decides which spellings and mistakes a clerk may make in it. */
export type CellKind = 'text' | 'name' | 'id' | 'date' | 'money' | 'code' | 'number';

export type SheetPlan = {
  /** Rows of title that stand above the header. */
  titleRows?: number;
  /** Worksheet, table or file stem. */
  name: string;
  columns: readonly (readonly [column: string, kind: CellKind, isRequired?: 'required'])[];
};

export type SheetRow = { sheet: number; cells: string[] };

export type Place = { folder: string; department: Department; asOf: string };

/** How deliveries leave the department, and what the feeds file says of it. */
export type Way = {
  kind: 'files' | 'interface' | 'tables';
  open(place: Place): Outlet;
  /** Settings in the feeds file besides the place. */
  settings?: Readonly<Record<string, string>>;
};

export type Department = {
  feed: string;
  sheets: readonly SheetPlan[];
  /** First the load of the history, then what is new since the delivery before. */
  dates: readonly string[];
  way: Way;
  /** Everything the department knows about the family on this date, each row at most once. */
  rows(family: Family, asOf: string): SheetRow[];
  /** Rows that belong to no family; always clean, in the first delivery. */
  firstRows?(county: County): SheetRow[];
  /** The one cell that holds a whole row of nested lists, for feeds that deliver objects. */
  isNested?: boolean;
  /** Fills in what the department writes besides what was agreed. */
  complete?(cells: string[]): string[];
  /** Old files sent again under a new name: [name, its later name]. */
  sentAgain?: readonly (readonly [earlier: string, later: string])[];
};
