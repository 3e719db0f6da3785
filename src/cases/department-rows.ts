/**
 * Facts as the departments would deliver them: the inverse of what feed.yml says of each column, and
 * for a feed with a map.ts of what its inverse.ts says. What comes out is read back by the feed's own
 * connector, so that a case which could not be delivered is found here and not in a quarantine.
 */
import type { Connector, Sheet } from '../../connectors/kit/index.ts';
import type { StatedFact, WriteKit } from '../../connectors/kit/inverse.ts';
import type { DeliveredRow, JsonValue } from '../../connectors/kit/record.ts';
import { writeCell } from '../../connectors/kit/write-column.ts';
import { HubError } from '../base/errors.ts';
import type { CaseFact, Row, Told } from './case-facts.ts';
import type { FactKind, FactKinds } from './fact-kinds.ts';

export type DepartmentRow = DeliveredRow & {
  feed: string;
  /** The day from which the department can know the row: the last day it speaks of. */
  knownOn: string;
};

const SELF = 'self';

/** The smallest sheet with a column for everything the row says. */
function sheetFor({ kind, sheets, feed }: FactKind, row: Row): readonly [string, Sheet] {
  const said = Object.entries(row).flatMap(([field, value]) => (value === null ? [] : [field]));
  const fits = sheets.filter(([, { columns }]) => {
    const fields = new Set(Object.values(columns).map(({ field }) => field));
    return said.every((field) => fields.has(field));
  });
  const size = ([, { columns }]: readonly [string, Sheet]) => Object.keys(columns).length;
  const found = [...fits].sort((a, b) => size(a) - size(b))[0];
  if (found) return found;
  throw new TypeError(`no sheet of ${feed.id} has columns for all of ${kind}: ${said.join(', ')}`);
}

const cellsOf = ({ columns }: Sheet, { manifest }: Connector, row: Row) =>
  Object.fromEntries(
    Object.entries(columns).map(([name, column]) => {
      const value = column.field && !column.drop && !column.ignore ? row[column.field] : null;
      return [name, writeCell(value, column, manifest.codes)];
    }),
  );

const writeKit = (feed: Connector): WriteKit => ({
  row(sheet, values) {
    const found = feed.manifest.sheets[sheet];
    if (!found) throw new TypeError(`${feed.id} has no sheet ${sheet}`);
    return cellsOf(found, feed, values);
  },
  cell: (value, column) => writeCell(value, column, feed.manifest.codes),
});

/** Rows of a feed with a map.ts: each person's facts together. */
function nestedRows(feed: Connector, kind: FactKind, facts: readonly CaseFact[], kinds: FactKinds) {
  const about = new Map<string, StatedFact[]>();
  for (const { kind: name, of, row } of facts) {
    const person = kinds.get(name)?.ordinary.introduces ? SELF : of;
    about.set(person, [...(about.get(person) ?? []), { kind: name, values: row }]);
  }
  return [...about.values()].flatMap(
    (stated) => kind.inverse?.rowsOf(stated, writeKit(feed)) ?? [],
  );
}

const DAY = /^\d{4}-\d{2}-\d{2}/;

/** The last day before `until` that a field speaks of; a year is known of when it is over. */
function dayIn(value: JsonValue | undefined, type: string | null | undefined, until: string) {
  if (type === 'year') return `${Number(value) + 1}-01-31`;
  const day = typeof value === 'string' ? DAY.exec(value)?.[0] : undefined;
  return day !== undefined && day <= until ? day : '';
}

function knownOn(row: DeliveredRow, feed: Connector, kinds: FactKinds, until: string): string {
  const result = feed.interpret(row);
  if ('rejection' in result) {
    const { reason, column } = result.rejection;
    throw new TypeError(`${feed.id} refuses the row: ${column} ${reason}`);
  }
  const days = result.records.flatMap(({ kind, body }) =>
    Object.entries(body).map(([field, value]) =>
      dayIn(value, kinds.get(kind)?.fields.get(field)?.type, until),
    ),
  );
  const last = days.reduce((a, b) => (a > b ? a : b), '');
  return last < until ? last : until;
}

/** Every row that states these facts, feed by feed; throws a TypeError where no department could. */
export function departmentRows(
  kinds: FactKinds,
  facts: readonly CaseFact[],
  until: string,
): DepartmentRow[] {
  const rows: DepartmentRow[] = [];
  const add = (feed: Connector, row: DeliveredRow) =>
    void rows.push({ ...row, feed: feed.id, knownOn: knownOn(row, feed, kinds, until) });
  const nested = new Map<FactKind, CaseFact[]>();
  for (const fact of facts) {
    const kind = kinds.get(fact.kind);
    if (!kind) throw new TypeError(`no feed delivers ${fact.kind}`);
    if (kind.inverse) {
      const first = [...nested.keys()].find(({ feed }) => feed === kind.feed) ?? kind;
      nested.set(first, [...(nested.get(first) ?? []), fact]);
      continue;
    }
    const [sheet, columns] = sheetFor(kind, fact.row);
    add(kind.feed, { sheet, cells: cellsOf(columns, kind.feed, fact.row) });
  }
  for (const [kind, list] of nested) {
    for (const row of nestedRows(kind.feed, kind, list, kinds)) add(kind.feed, row);
  }
  return rows;
}

/** The rows of a case's facts; refuses a case that no department could deliver and that does not say so. */
export function rowsOfCase(
  kinds: FactKinds,
  { ruleId, given }: Told,
  facts: readonly CaseFact[],
  until: string,
): DepartmentRow[] {
  try {
    return departmentRows(kinds, facts, until);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const reason = `case "${given.name}" cannot be delivered: ${error.message}; notDelivered says why not`;
    throw new HubError('rule.manifest-invalid', { rule: ruleId, reason }, error);
  }
}
