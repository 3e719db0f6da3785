import { expect, test } from 'vitest';
import { outcome, stage } from './read-harness.ts';

const county = stage({ officials: 23, city: 0 });
// One authority only, yet the seed numbers the county second.

type Page = {
  nodes: { id: string }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
};

test.each([
  ['cadres', 'NAME_ASC'],
  ['cadres', 'NAME_DESC'],
  ['cadres', 'LEVEL_ASC'],
  ['cadres', 'UNIT_ASC'],
  ['cadres', 'OPEN_WARNINGS_DESC'],
  ['warnings', 'SEVERITY'],
  ['warnings', 'NEWEST'],
  ['warnings', 'OLDEST'],
])('%s by %s: pages join into the whole list, nothing lost, nothing twice', async (name, order) => {
  const { ask, actors } = await county.get();
  const whole = await ask(
    actors.county,
    `{ ${name}(first: 100, orderBy: ${order}) { totalCount nodes { id } } }`,
  );
  const all = whole[name] as { totalCount: number; nodes: { id: string }[] };
  const text = `query ($after: String) { ${name}(first: 4, after: $after, orderBy: ${order}) {
    nodes { id } edges { cursor node { id } } pageInfo { hasNextPage endCursor } } }`;
  const seen: string[] = [];
  let after: string | null = null;
  for (let pages = 0; pages < 20; pages += 1) {
    const page = (await ask(actors.county, text, { after }))[name] as Page;
    seen.push(...page.nodes.map(({ id }) => id));
    after = page.pageInfo.endCursor;
    if (!page.pageInfo.hasNextPage) break;
  }
  expect(seen).toEqual(all.nodes.map(({ id }) => id));
  expect(all.totalCount).toBe(seen.length);
  expect(seen.length).toBeGreaterThan(20);
});

test('rejected rows, whose ids are made of numbers, have a second page and are found by their id', async () => {
  const { ask, actors } = await county.get();
  const text = `query ($after: String) { quarantine(first: 2, after: $after) {
    totalCount nodes { id } pageInfo { endCursor } } }`;
  const { quarantine: one } = await ask(actors.ops, text, { after: null });
  const first = one as Page & { totalCount: number };
  const { quarantine: two } = await ask(actors.ops, text, { after: first.pageInfo.endCursor });
  const ids = [...first.nodes, ...(two as Page).nodes].map(({ id }) => id);
  expect(new Set(ids).size).toBe(first.totalCount);
  const byId = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
  const asked = { ids: [...ids, 'Quarantine:1.x', 'Quarantine:1.999999999999999999999'] };
  expect(await ask(actors.ops, byId, asked)).toEqual({
    nodes: [...ids.map((id) => ({ id })), null, null],
  });
});

test('officials of units with a common word are walked by the page, and are those an index finds', async () => {
  const { ask, actors, database } = await county.get();
  const owner = database.as('owner', 1);
  const text = `query ($after: String, $order: CadreOrder) {
    cadres(first: 3, after: $after, orderBy: $order, filter: { unitName: "1" }) {
      nodes { id } pageInfo { hasNextPage endCursor } } }`;
  const found = async (order: string) => {
    const seen: string[] = [];
    for (let after: string | null = null; seen.length < 50; ) {
      const { cadres } = await ask(actors.county, text, { after, order });
      const { nodes, pageInfo } = cadres as Page;
      seen.push(...nodes.map(({ id }) => id));
      after = pageInfo.endCursor;
      if (!pageInfo.hasNextPage) break;
    }
    return seen;
  };
  for (const order of ['NAME_ASC', 'UNIT_ASC']) {
    const byIndex = await found(order);
    // Which way is taken depends on the counts alone.
    await owner`update hub.cadre_count set n = n * 1000`;
    const walked = await found(order);
    await owner`update hub.cadre_count set n = n / 1000`;
    expect([order, walked]).toEqual([order, byIndex]);
    expect(byIndex.length).toBeGreaterThan(3);
  }
});

test('filters find what they say, alone and together', async () => {
  const { ask, actors, database } = await county.get();
  const owner = database.as('owner', 1);
  const total = async (filter: object) => {
    const text = 'query ($f: CadreFilter) { cadres(filter: $f) { totalCount nodes { id } } }';
    const { cadres } = await ask(actors.county, text, { f: filter });
    const { totalCount, nodes } = cadres as { totalCount: number; nodes: unknown[] };
    // What is known without counting is what counting gives.
    expect([filter, nodes.length]).toEqual([filter, Math.min(totalCount, 20)]);
    return totalCount;
  };
  const count = async (condition: string) => {
    const [row] = await owner.unsafe(
      `select count(*)::int as n from hub.person p where is_official and ${condition}`,
    );
    return row?.n;
  };
  const open = `exists (select 1 from hub.warning w where w.person_id = p.person_id and state <> 'concluded'`;
  expect(await total({ name: '0001' })).toBe(await count(`name like '%0001%'`));
  for (const name of [
    '',
    '干',
    '干部',
    '0',
    '00',
    '000',
    '干部0',
    '00001',
    '干部00012',
    '部000',
    '2',
    '22',
    'x',
    '部干',
  ]) {
    expect([name, await total({ name })]).toEqual([name, await count(`name like '%${name}%'`)]);
  }
  for (const unitName of ['', '单位', '单位1', '1', '19', '单位19', '位', 'x']) {
    const expected = await count(`unit_name like '%${unitName}%'`);
    expect([unitName, await total({ unitName })]).toEqual([unitName, expected]);
  }
  expect(await total({ name: '0', unitName: '1' })).toBe(
    await count(`name like '%0%' and unit_name like '%1%'`),
  );
  expect(await total({ name: '%' })).toBe(0);
  expect(await total({ name: '_' })).toBe(0);
  expect(await total({ level: ['131', '132'] })).toBe(await count(`level in ('131', '132')`));
  expect(await total({ unitCode: 'U3' })).toBe(await count(`unit_code = 'U3'`));
  expect(await total({ authority: 'county' })).toBe(23);
  expect(await total({ authority: 'city' })).toBe(0);
  expect(await total({ employment: ['RETIRED'] })).toBe(6);
  expect(await total({ hasOpenWarning: true })).toBe(await count(`${open})`));
  expect(await total({ hasOpenWarning: false })).toBe(await count(`not ${open})`));
  expect(await total({ severity: ['RED'], level: ['131'] })).toBe(
    await count(`${open} and severity = 'red') and level = '131'`),
  );
  expect(await total({ severity: [] })).toBe(0);
  expect(await total({})).toBe(23);
});

test('H2 a page has 1 to 100 rows, by literal, by variable, by default', async () => {
  const { ask, actors } = await county.get();
  const literal = (n: string) =>
    outcome(() =>
      ask(
        actors.county,
        `{ cadres(first: ${n}) { nodes { id trips(first: ${n}) { nodes { id } } } } }`,
      ),
    );
  const text = 'query ($n: Int) { cadres(first: $n) { nodes { id } } }';
  const variable = (n: unknown) => outcome(() => ask(actors.county, text, { n }));
  for (const n of ['0', '-1']) expect(await literal(n)).toBe('request.invalid');
  for (const n of ['101', '1000000']) expect(await literal(n)).toBe('request.too-costly');
  for (const n of [0, -1, 1.5, '5']) expect(await variable(n)).toBe('request.invalid');
  for (const n of [101, 1_000_000]) expect(await variable(n)).toBe('request.too-costly');
  for (const n of [1, 7, 13, 99, 100, null, undefined]) expect(await variable(n)).toBe('ok');
  // The same statement serves 7 and 13, and checks each.
  expect(await variable(14)).toBe('ok');
  expect(await variable(140)).toBe('request.too-costly');
});

test('H2 lists within lists are refused before they reach PostgreSQL', async () => {
  const { reader, actors } = await county.get();
  const { documentOf } = await import('./read-harness.ts');
  const plan = (text: string) =>
    outcome(async () =>
      reader.planOperation({
        document: documentOf(text),
        operationName: null,
        variables: {},
        actor: actors.county,
      }),
    );
  const deep =
    '{ cadres(first: 100) { nodes { family(first: 100) { nodes { person { homes(first: 100) { nodes { id } } } } } } } }';
  expect(await plan(deep)).toBe('request.too-costly');
  const wide = `{ ${Array.from({ length: 300 }, (_, n) => `a${n}: cadres(first: 100) { nodes { homes(first: 20) { nodes { id } } } }`).join(' ')} }`;
  expect(await plan(wide)).toBe('request.too-costly');
  const circle = (n: number): string =>
    n === 0 ? 'id' : `warnings(first: 1) { nodes { cadre { ${circle(n - 1)} } } }`;
  expect(await plan(`{ cadres(first: 1) { nodes { ${circle(9)} } } }`)).toBe('request.too-costly');
});
