/** Every case could come from the departments: its facts, written into their columns, are read as those facts. */
import { describe, expect, test } from 'vitest';
import type { DeliveredRow, FactRecord } from '../../connectors/kit/record.ts';
import { factsOf, plainCast, rowsOfCase } from '../../src/cases/index.ts';
import { loadCases, loadRules } from '../../src/rules/index.ts';
import { KINDS } from './case-facts.ts';
import { readsOf } from './case-worlds.ts';

const UNTIL = '2026-06-30';
const book = await loadRules();
const cases = await loadCases();

const fold = (value: unknown): string =>
  String(value)
    .normalize('NFKC')
    .toUpperCase()
    .replace(/\s/g, '')
    .replace(/T/, '')
    .replace(/\.00$/, '');

function recordsOf({ feed, ...row }: DeliveredRow & { feed: string }): FactRecord[] {
  const connector = [...KINDS.values()].find((kind) => kind.feed.id === feed)?.feed;
  const result = connector?.interpret(row);
  if (!result || 'rejection' in result)
    throw new Error(`${feed} refuses ${JSON.stringify(result)}`);
  return result.records;
}

describe.each(book.map((rule) => [rule.id, rule] as const))('%s', (ruleId, rule) => {
  const { mustFire = [], mustStaySilent = [] } = cases.get(ruleId) ?? {};
  const all = [...mustFire, ...mustStaySilent].filter((each) => !each.notDelivered);
  test.each(all.map((given) => [given.name, given] as const))('delivered: %s', (_, given) => {
    const told = { ruleId, reads: readsOf(rule), given };
    const facts = factsOf(KINDS, told, plainCast(7));
    const rows = rowsOfCase(KINDS, told, facts, UNTIL);
    const records = rows.flatMap(recordsOf);
    for (const { kind, row } of facts) {
      const columns = KINDS.get(kind)?.table.columns ?? [];
      const said = columns.flatMap(({ field, type }) =>
        // A moment may be written in another zone, and an empty section is counted, not copied.
        field in row && !type.startsWith('timestamp') && field !== 'nilSections' ? [field] : [],
      );
      const found = records.filter(
        (record) =>
          record.kind === kind &&
          said.every((field) => fold(record.body[field] ?? null) === fold(row[field])),
      );
      expect([kind, row, found.length > 0]).toEqual([kind, row, true]);
    }
    expect(rows.every(({ knownOn }) => knownOn <= UNTIL)).toBe(true);
  });
});

test('a case that no department could deliver is refused by name, with what to do', () => {
  const given = {
    ...{ name: 'a trip of a year without a declaration', subject: 'person' as const },
    ...{ without: ['kinship'], others: [] },
    facts: [{ declared_trip: { year: 2011, leftOn: '2011-05-01' } }],
  };
  const told = { ruleId: 'A06', reads: 'everything' as const, given };
  const facts = factsOf(KINDS, told, plainCast(7));
  expect(() => rowsOfCase(KINDS, told, facts, UNTIL)).toThrow(
    /A06.*"a trip of a year without a declaration" cannot be delivered: no declaration states this declared_trip; notDelivered/,
  );
  const misread = {
    ...told,
    given: { ...given, facts: [{ vehicle: { kind: 'spaceship', registeredOn: '2024-01-01' } }] },
  };
  expect(() => rowsOfCase(KINDS, misread, factsOf(KINDS, misread, plainCast(7)), UNTIL)).toThrow(
    /no delivered word means spaceship/,
  );
});
