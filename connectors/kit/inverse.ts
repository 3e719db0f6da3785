/**
 * What a feed with a map.ts says besides it in inverse.ts: which facts its rows become, field by field,
 * and the rows a department would deliver for given facts. The demo county and the tests of rules put
 * cases into it; the hub itself never does. A flat feed needs none: feed.yml says both ways.
 */
import type { ColumnType } from './manifest.ts';
import type { DeliveredRow, JsonValue } from './record.ts';

/** One column of a nested row: the fact's field, and how the cell is read and written. */
export type NestedColumn = {
  field: string;
  type: ColumnType;
  required?: boolean;
  codes?: string;
  ahead?: boolean;
};

export type StatedFact = { kind: string; values: Readonly<Record<string, JsonValue>> };

export type WriteKit = {
  /** The cells of the flat columns of a sheet. */
  row(sheet: string, values: StatedFact['values']): Record<string, unknown>;
  /** The text of one nested cell; '' where there is nothing to say. */
  cell(value: JsonValue | undefined, column: NestedColumn): string;
};

export type Inverse = {
  /** Facts map.ts makes of nested rows: kind → delivered column → field. */
  kinds: Readonly<Record<string, Readonly<Record<string, NestedColumn>>>>;
  /** The rows that state these facts about one person; throws a TypeError where none can. */
  rowsOf(facts: readonly StatedFact[], kit: WriteKit): DeliveredRow[];
};
