import { expect, test } from 'vitest';
import { settingsOf } from '../../src/access/actor.ts';
import { HubError } from '../../src/base/errors.ts';
import { ACTORS, outcome, stage } from '../read/read-harness.ts';
import { idNumberOf, personOf } from '../read/seed-county.ts';

// Officials 0–3 are managed by the city, 4–11 by the county.
const county = stage();
const CITY_MANAGED = 0;
const other = '00000000-0000-4000-8000-000000000000';
const md5 = async (text: string) => {
  const { createHash } = await import('node:crypto');
  return createHash('md5')
    .update(text)
    .digest('hex')
    .replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
};

/** Proves that the object exists and the entitled actor reads it before looking at the refusal. */
async function expectDenied(text: string, real: object, missing: object): Promise<void> {
  const { ask, actors } = await county.get();
  const seen = await ask(actors.city, text, { ...real });
  const denied = await ask(actors.county, text, { ...real });
  const absent = await ask(actors.county, text, { ...missing });
  expect(denied).toEqual(absent);
  expect(JSON.stringify(seen).length).toBeGreaterThan(JSON.stringify(denied).length);
}

test('G3 an official of the city is to the county as one that does not exist, by every way', async () => {
  const id = `Cadre:${personOf(CITY_MANAGED)}`;
  const absent = `Cadre:${other}`;
  await expectDenied('query ($id: ID!) { cadre(id: $id) { name } }', { id }, { id: absent });
  await expectDenied(
    'query ($id: ID!) { node(id: $id) { id ... on Cadre { name } } }',
    { id },
    { id: absent },
  );
  await expectDenied(
    'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
    { ids: [id] },
    { ids: [absent] },
  );
  await expectDenied(
    'query ($n: String!) { cadre(idNumber: $n) { name } }',
    { n: idNumberOf(CITY_MANAGED) },
    { n: idNumberOf(400) },
  );
  await expectDenied(
    'query ($n: String!) { cadres(filter: { name: $n }) { totalCount nodes { id } } }',
    { n: '干部00000' },
    { n: '干部99999' },
  );
});

test('G3 facts, warnings and their evidence are hidden with the official', async () => {
  const home = `Home:${personOf(CITY_MANAGED)}.${await md5('property0.1')}`;
  const warning = `Warning:${await md5('warning01')}`;
  const text = 'query ($id: ID!) { node(id: $id) { id } }';
  await expectDenied(text, { id: home }, { id: `Home:${other}.${other}` });
  await expectDenied(text, { id: warning }, { id: `Warning:${other}` });
  await expectDenied(
    'query ($id: ID!) { warning(id: $id) { evidence { nodes { delivered { cells { value } } } } } }',
    { id: warning },
    { id: `Warning:${other}` },
  );
});

test('G6 counts, totals, facets and precision are computed over visible rows only', async () => {
  const { ask, actors, database } = await county.get();
  const text = `{ cadres { totalCount } warnings { totalCount } warningCounts(by: SEVERITY) { key count }
    rules { code concludedCount confirmedCount } }`;
  const [one, two, all] = await Promise.all([
    ask(actors.county, text),
    ask(actors.city, text),
    ask(actors.both, text),
  ]);
  expect([one.cadres, two.cadres, all.cadres]).toEqual([
    { totalCount: 8 },
    { totalCount: 4 },
    { totalCount: 12 },
  ]);
  const owner = database.as('owner', 1);
  const counted =
    await owner`select upper(severity) as key, count(*)::int as count from hub.warning w
    join hub.person p using (person_id) where p.managed_by && '{2}' group by 1 order by 2 desc, 1`;
  expect(one.warningCounts).toEqual([...counted]);
});

test('G7 a cursor of a hidden row, of another type or of nothing is no place to start from', async () => {
  const { ask, actors } = await county.get();
  const text =
    'query ($after: String) { cadres(first: 2, after: $after) { nodes { id } pageInfo { endCursor } } }';
  const hidden = `Cadre:${personOf(CITY_MANAGED)}`;
  expect(await outcome(() => ask(actors.city, text, { after: hidden }))).toBe('ok');
  for (const after of [hidden, `Cadre:${other}`, `Warning:${other}`, 'x', '', "' or true --"]) {
    expect(await outcome(() => ask(actors.county, text, { after }))).toBe('cursor.invalid');
  }
  const { cadres } = await ask(actors.county, text);
  expect(JSON.stringify(cadres)).not.toMatch(/999901|干部/);
});

test('G15 the row policies hold on their own: no setting, no row; a foreign setting, no answer', async () => {
  const { database } = await county.get();
  const api = database.as('api', 1);
  for (const table of [
    'person',
    'property',
    'warning',
    'warning_evidence',
    'quarantine',
    'finding',
    'rule_gap',
  ]) {
    const [row] = await api.unsafe(`select count(*)::int as n from hub.${table}`);
    expect([table, row?.n]).toEqual([table, 0]);
  }
  const [id, roles, authorities] = settingsOf(ACTORS.county);
  await api`select set_config('hub.actor', ${id}, false), set_config('hub.roles', ${roles}, false),
    set_config('hub.authorities', ${authorities}, false)`;
  const [seen] = await api`select count(*)::int as n from hub.person where is_official`;
  expect(seen?.n).toBe(8);
});

test('an identity number reaches neither the statement nor its values', async () => {
  const { reader, actors } = await county.get();
  const { documentOf } = await import('../read/read-harness.ts');
  const { IDENTITY_KEY } = await import('../read/seed-county.ts');
  const number = idNumberOf(5);
  const actor = actors.county;
  const document = documentOf(`{ cadre(idNumber: "${number}") { name } }`);
  const plan = reader.planOperation({ document, operationName: null, variables: {}, actor });
  if (!plan) throw new HubError('internal');
  const run = { actor, variables: {}, runtime: { identityKey: IDENTITY_KEY, today: '2026-06-30' } };
  const values = plan.statement.bounds.map((bound) => bound(run));
  expect(values).toContain(personOf(5));
  expect(`${plan.statement.text} ${values.join(' ')}`).not.toContain(number);
  expect(JSON.parse((await reader.runPlan(plan)).text)).toEqual({ cadre: { name: '干部00005' } });
});

test('identity numbers are masked wherever a delivered row is shown', async () => {
  const { ask, actors } = await county.get();
  const evidence = await ask(
    actors.county,
    '{ warnings(first: 100) { nodes { evidence { nodes { delivered { sheet cells { column value } } } } } } }',
  );
  const rejected = await ask(
    actors.ops,
    '{ quarantine { totalCount nodes { messageZh delivered { cells { column value } } } } }',
  );
  const text = JSON.stringify([evidence, rejected]);
  expect(text).toMatch(/"身份证号","value":"999901\*{8}\d{3}[\dX]"/);
  expect(text).not.toMatch(/\d{15}/);
  expect(rejected.quarantine).toMatchObject({ totalCount: 2 });
});
