/**
 * How long a cell may be, by type, and whether it may hold line breaks. Wide enough for anything a
 * register means to say, narrow enough that rows run together by a stray quote do not pass for one.
 */
import type { Column, ColumnType, Sheet } from './manifest.ts';

/** Characters, outer white space left out. */
export const LONGEST: Readonly<Record<ColumnType, number>> = {
  text: 500,
  name: 100,
  'resident-id': 40,
  'travel-document': 40,
  uscc: 40,
  plate: 40,
  vin: 40,
  'real-estate-unit': 60,
  date: 40,
  month: 40,
  'date-or-month': 40,
  timestamp: 60,
  year: 20,
  integer: 40,
  decimal: 40,
  'money-yuan': 60,
  'money-wan-yuan': 60,
  boolean: 20,
  code: 100,
  list: 2_000,
};

/** For a text column that says `multiline: true`. */
export const LONGEST_MULTILINE = 10_000;

/** Lines that one record of a text file may take, where a column of its sheet is `multiline`. */
const MULTILINE_RECORD = 100;

export type CellLimits = {
  longest: number;
  /** Line breaks and tabs are part of the cell; elsewhere they are a fault of the delivery. */
  allowsLines: boolean;
};

export const limitsOf = ({ type, multiline }: Pick<Column, 'type' | 'multiline'>): CellLimits => ({
  longest: multiline ? LONGEST_MULTILINE : LONGEST[type],
  // The parts of a list may stand one below the other.
  allowsLines: multiline || type === 'list',
});

/** How many lines a record of this sheet may take in a text file. */
export const linesPerRecord = ({ columns }: Pick<Sheet, 'columns'>): number =>
  Object.values(columns).some((column) => limitsOf(column).allowsLines) ? MULTILINE_RECORD : 1;
