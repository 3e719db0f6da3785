/**
 * What a distributed server demands, on one that is not: policies without sub-selects, and settings
 * that live in the transaction of the query. Answers are the same as elsewhere.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { schema } from '../../schema/index.ts';
import { fixedClock } from '../../src/base/clock.ts';
import { createReader, type Reader } from '../../src/read/index.ts';
import { ACTORS, askWith, outcome, stage } from '../read/read-harness.ts';
import { IDENTITY_KEY, personOf } from '../read/seed-county.ts';

const county = stage();
const ALWAYS = readFileSync(new URL('../../migrations/always.sql', import.meta.url), 'utf8');
const PROFILE = `query ($id: ID!) { me { name } cadre(id: $id) { name homeCount homes { nodes { address } } trips { nodes { leftOn } }
  warnings { nodes { ruleCode evidence { nodes { valueZh } } } } } cadres { totalCount nodes { name } } units: feeds { code } }`;

const policies = async () => {
  const { database } = await county.get();
  return database.as('owner', 1)<{ policyname: string; text: string }[]>`
    select policyname, concat_ws(' ', qual, with_check) as text from pg_policies
    where schemaname = 'hub' order by 1`;
};

async function distribute() {
  const { database } = await county.get();
  const owner = database.as('owner', 1);
  const [{ name } = {}] = await owner`select quote_ident(current_database()) as name`;
  await owner.unsafe(`set hub.is_distributed = 'on'; ${ALWAYS.replaceAll(':database', name)}`);
}

const answersOf = (reader: Reader) =>
  Promise.all(
    [ACTORS.county, ACTORS.city, ACTORS.both].flatMap((actor) =>
      [0, 7].map((n) => askWith(reader)(actor, PROFILE, { id: `Cadre:${personOf(n)}` })),
    ),
  );

test('only the authorities of the actor are read by a sub-select, once per scan', async () => {
  const odd = (await policies()).filter(
    ({ text }) => /select/i.test(text) && !text.includes('hub.authorities'),
  );
  expect(odd.map(({ policyname }) => policyname)).toEqual([]);
});

test('a distributed server gets policies without sub-selects, and readers the same rows', async () => {
  const { reader, database } = await county.get();
  const before = await answersOf(reader);
  await distribute();
  const after = await policies();
  expect(after.filter(({ text }) => /select/i.test(text))).toEqual([]);
  expect(after.filter(({ text }) => text.includes('hub.authorities')).length).toBeGreaterThan(20);
  const api = database.as('api', 1);
  expect(await api`select 1 from hub.person`).toHaveLength(0);
  const spread = createReader({
    ...{ schema, databaseUrl: database.logins.api, identityKey: IDENTITY_KEY, lanes: 2 },
    clock: fixedClock('2026-06-30T10:00:00+08:00'),
    isDistributed: true,
  });
  try {
    expect(await answersOf(spread)).toEqual(before);
    expect(await answersOf(reader)).toEqual(before);
    expect(JSON.stringify(before)).toContain('干部00007');
    const crafted = { ...ACTORS.county, id: "x'; set local hub.authorities = '1,2" };
    expect(await askWith(spread)(crafted, '{ cadres { totalCount } }')).toEqual({
      cadres: { totalCount: 8 },
    });
    // A failure in the middle of a transaction is not the next caller's.
    const bad = () => askWith(spread)(ACTORS.county, '{ cadres(after: "x") { nodes { name } } }');
    expect(await outcome(bad)).toBe('cursor.invalid');
    const settings = await database.as('owner', 1)`
      select 1 from pg_stat_activity where datname = current_database()
        and application_name = 'hub-read' and state like 'idle in transaction%'`;
    expect(settings).toHaveLength(0);
  } finally {
    await spread.close();
  }
});
