/** Facts as rows of one department's sheets, as it would show them on a date. */
import type { DepartmentRow, FactKinds } from '../../cases/index.ts';
import type { Department, SheetRow } from '../outlets/department.ts';

function sheetRow(row: DepartmentRow, kinds: FactKinds, department: Department): SheetRow {
  const feed = [...kinds.values()].find((kind) => kind.feed.id === row.feed)?.feed;
  const sheet = Object.keys(feed?.manifest.sheets ?? {}).indexOf(row.sheet);
  const columns = department.sheets[sheet]?.columns ?? [];
  const cells = department.isNested
    ? [JSON.stringify(row.cells)]
    : columns.map(([column]) => String(row.cells[column] ?? ''));
  return { sheet, cells: department.complete?.(cells) ?? cells };
}

/** Those of the rows that this department has and knows of on `asOf`. */
export const shownBy = (
  department: Department,
  rows: readonly DepartmentRow[],
  asOf: string,
  kinds: FactKinds,
): SheetRow[] =>
  rows
    .filter(({ feed, knownOn }) => feed === department.feed && knownOn <= asOf)
    .map((row) => sheetRow(row, kinds, department));
