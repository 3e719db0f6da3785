/** The whole way: the county delivers, the hub reads and compares, and the answer sheet is opened. */
import { beforeAll, describe, expect, it } from 'vitest';
import { loadConnectors } from '../../connectors/kit/index.ts';
import { fixedClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { Secret } from '../../src/base/secret.ts';
import { makeCounty } from '../../src/demo/county.ts';
import type { Answer } from '../../src/demo/model.ts';
import { castOf } from '../../src/demo/planted/cast.ts';
import { type Planted, plant } from '../../src/demo/planted/household.ts';
import { correlate } from '../../src/pipeline/correlate/index.ts';
import { knownBatch, registerFeeds, syncFeed } from '../../src/pipeline/index.ts';
import { registerRules } from '../../src/pipeline/register-rules.ts';
import type { Sql } from '../../src/platform/database.ts';
import { loadRules } from '../../src/rules/index.ts';
import { type Arriving, pull } from '../../src/transports/index.ts';
import { createTestDatabase, testDatabase } from '../harness/database.ts';
import { insertFacts, insertFeeds, keyOf, rowsOf } from '../rules/case-facts.ts';
import { BOOK, type CountyUnderTest, county, openPlaces } from './county-under-test.ts';

const OFFICIALS = 1500;
const AS_OF = '2026-06-30';
const database = testDatabase();
const clock = fixedClock('2026-06-30T12:00:00Z');
const identityKey = new Secret('identity key of the county');

type Hit = { rule: string; subject: string; severity: string };

async function night(sql: Sql): Promise<void> {
  const context = { sql, identityKey, clock, log: silentLog };
  await correlate(context, { asOf: AS_OF, mode: 'full', requestedBy: 'test' });
}

async function judged(made: CountyUnderTest) {
  const hub = await database.get();
  const { sources } = await openPlaces(made.folder, hub.url);
  const sql = hub.as('worker');
  const connectors = await loadConnectors();
  const context = { sql, identityKey, clock, log: silentLog, connectors };
  await registerFeeds(sql, connectors);
  await registerRules(sql, await loadRules());
  for (const [id, settings] of sources) {
    const connector = connectors.get(id);
    if (!connector) throw new Error(`no feed ${id}`);
    const known = async (arriving: Arriving) => (await knownBatch(sql, id, arriving)) !== undefined;
    // The simulator checks real time.
    const pulling = { clock: { ...clock, now: () => new Date() }, log: silentLog, known };
    await syncFeed(context, id, pull(connector, settings, pulling), 'test');
  }
  // A server looks at new tables within a minute by itself; the test does not wait for it.
  await hub.as('owner').unsafe('analyze');
  await night(sql);
  const hits = await sql<Hit[]>`
    select distinct f.rule_id as rule, coalesce(p.id_number, f.unit_code) as subject, f.severity
    from hub.finding f left join hub.person p using (person_id)
    where f.seen_to = 'infinity'`;
  const sections = ['post', 'kinship', 'property', 'vehicle', 'travel_document', 'trip', 'income']
    .concat(['declaration', 'declared_holding', 'audit', 'petition', 'finding'])
    .map((table) => `exists (select 1 from hub.${table} x where x.person_id = p.person_id)`);
  const known = await sql.unsafe(
    `select name from hub.person p where p.is_official and ${sections.join(' and ')}`,
  );
  return { hits: [...hits], knownToAll: known.length };
}

const planted = (): Planted[] => {
  const made = makeCounty({ officials: OFFICIALS, seed: 1, until: AS_OF }, BOOK.cases);
  return [...made.deal].map(([index, plantable]) => plant(BOOK, made, index, plantable));
};

/** ID numbers of everybody a planted case speaks of, by the key of direct facts. */
const peopleOf = (cases: readonly Planted[]): Map<string, string> =>
  new Map(
    cases.flatMap(({ cast, facts }) =>
      facts.map(({ of }) => {
        const { idNumber } = cast.person(of);
        return [keyOf(idNumber), idNumber] as const;
      }),
    ),
  );

/** What the rules say about the facts of the planted cases when no department stands between. */
async function toldDirectly(cases: readonly Planted[]): Promise<Hit[]> {
  const own = await createTestDatabase();
  const sql = own.as('worker');
  await registerRules(sql, await loadRules());
  await sql`update hub.rule_parameter set value = to_jsonb(100) where name = 'surgePercent'`;
  const batches = await insertFeeds(sql, AS_OF);
  const units = new Set<unknown>();
  const rows = cases.flatMap(({ index, cast, plantable }) =>
    // A cast of its own, so that people come in the same order.
    rowsOf(plantable.told, index, castOf(1, index, cast.unit)).facts.filter(
      ({ table, row }) => table !== 'unit' || units.size < units.add(row.unit_code).size,
    ),
  );
  await insertFacts(sql, rows, batches);
  await night(sql);
  const hits = await sql<Hit[]>`
    select distinct rule_id as rule, person_id::text as subject, severity
    from hub.finding where seen_to = 'infinity' and unit_code = ''`;
  await own.drop();
  const people = peopleOf(cases);
  return hits.map((hit) => ({ ...hit, subject: people.get(hit.subject) ?? hit.subject }));
}

const subjectOf = ({ idNumber, unitCode }: Answer): string => idNumber || (unitCode ?? '');
const line = ({ rule, subject, severity }: Hit): string => `${rule} ${subject} ${severity}`;

describe('the answer sheet', () => {
  let made: CountyUnderTest;
  let hits: Hit[];
  let knownToAll: number;
  const answered = (kind: Answer['kind']) => made.answers.filter((it) => it.kind === kind);
  const spoken = (it: Answer) =>
    hits.filter(({ rule, subject }) => rule === it.rule && subject === subjectOf(it));

  beforeAll(async () => {
    made = await county(OFFICIALS);
    ({ hits, knownToAll } = await judged(made));
  });

  it('is found by the rules: every true case with its severity, and no near miss', () => {
    const missed = answered('true').filter((it) => {
      const [found] = spoken(it);
      return found === undefined || (it.severity && found.severity !== it.severity);
    });
    const wrong = answered('near-miss').filter((it) => spoken(it).length > 0);
    expect(missed.map(({ rule, note_en }) => `${rule} ${note_en}`)).toEqual([]);
    expect(wrong.map(({ rule, note_en }) => `${rule} ${note_en}`)).toEqual([]);
  });

  it('holds everybody warned: of ordinary life nobody is', () => {
    const known = new Set([...made.answers.map(subjectOf), ...peopleOf(planted()).values()]);
    expect(hits.filter(({ subject }) => !known.has(subject)).map(line)).toEqual([]);
  });

  it('says of planted people what the rules say of their facts without any department', async () => {
    const cases = planted();
    const people = new Set(peopleOf(cases).values());
    const found = hits.filter(({ subject }) => people.has(subject)).map(line);
    const direct = (await toldDirectly(cases)).map(line);
    expect(found.sort()).toEqual(direct.sort());
    // More than the cases' own rules speak: a dear car may also be a gap in wealth.
    expect(found.length).toBeGreaterThan(answered('true').length);
  });

  it('has an official about whom every department knows something', () => {
    // The profile the demo invites to look at has no empty section.
    expect(knownToAll).toBeGreaterThan(0);
  });
});
