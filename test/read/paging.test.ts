/** Lists read page by page, both ways, at the root and on objects: nothing lost, nothing twice, nothing hidden. */
import { expect, test } from 'vitest';
import type { Actor } from '../../src/access/actor.ts';
import { HubError } from '../../src/base/errors.ts';
import { type Ask, outcome, stage } from './read-harness.ts';
import { personOf } from './seed-county.ts';

const county = stage({ officials: 23, city: 3 });
const TRAVELLER = 7;
const TRIPS = 130;
const KIN = 9;
const cadre = (n: number) => `Cadre:${personOf(n)}`;

type PageInfo = {
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  startCursor: string | null;
  endCursor: string | null;
};
type Page = {
  totalCount: number;
  edges: { cursor: string; node: unknown }[];
  nodes: unknown[];
  pageInfo: PageInfo;
};

/** A list of one official, or of the root. */
type List = { name: string; of?: number; args?: string };

const textOf = ({ name, of, args = '' }: List) => {
  const list = `list: ${name}(first: $first, after: $after, last: $last, before: $before${args}) {
    totalCount edges { cursor node { __typename } } nodes { __typename }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }`;
  const head = 'query ($first: Int, $after: String, $last: Int, $before: String)';
  return of === undefined
    ? `${head} { ${list} }`
    : `${head} { cadre(id: "${cadre(of)}") { ${list} } }`;
};

const pageWith = (ask: Ask, actor: Actor, list: List) => async (variables: object) => {
  const answer = await ask(actor, textOf(list), { ...variables });
  return ((answer.cadre ?? answer) as { list: Page }).list;
};

/** Cursors of all rows, walked in pages of this size, with what the pages say of themselves checked. */
async function walked(ask: Ask, actor: Actor, list: List, size: number, isBackwards: boolean) {
  const page = pageWith(ask, actor, list);
  const pages: Page[] = [];
  for (let cursor: string | null = null; pages.length < 60; ) {
    const read: Page = await page(
      isBackwards ? { last: size, before: cursor } : { first: size, after: cursor },
    );
    pages.push(read);
    const { pageInfo, edges, nodes } = read;
    expect(nodes.length).toBe(edges.length);
    expect([pageInfo.startCursor, pageInfo.endCursor]).toEqual([
      edges.at(0)?.cursor ?? null,
      edges.at(-1)?.cursor ?? null,
    ]);
    expect(isBackwards ? pageInfo.hasNextPage : pageInfo.hasPreviousPage).toBe(pages.length > 1);
    cursor = isBackwards ? pageInfo.startCursor : pageInfo.endCursor;
    if (!(isBackwards ? pageInfo.hasPreviousPage : pageInfo.hasNextPage)) break;
  }
  const inOrder = isBackwards ? pages.reverse() : pages;
  return {
    cursors: inOrder.flatMap(({ edges }) => edges.map(({ cursor }) => cursor)),
    totals: new Set(pages.map(({ totalCount }) => totalCount)),
  };
}

async function prepared() {
  const made = await county.get();
  const worker = made.database.as('worker', 1);
  const [known] = await worker`select 1 from hub.trip where document_no = 'MANY'`;
  if (known) return { ...made, worker };
  const frame = (kind: string, n: string) =>
    `p.person_id, md5('${kind}' || ${n})::uuid, date '2026-01-31', 'x', 1, ${n}, md5('x')::uuid, p.managed_by`;
  const columns = 'person_id, id, known_from, feed_id, batch_id, ordinal, digest, managed_by';
  // Half of the trips fall on one day, so that the order ends in the id.
  await worker.unsafe(`
    delete from hub.trip where person_id = '${personOf(TRAVELLER)}';
    insert into hub.trip (${columns}, document_no, document_kind, left_on, is_private, is_complete)
      select ${frame('many', 'n')}, 'MANY', 'passport', date '2025-01-01' + n / 2 % 33, true, false
      from hub.person p, generate_series(1, ${TRIPS}) n where p.person_id = '${personOf(TRAVELLER)}'`);
  // Of every other relative nobody stated the date of birth.
  await worker.unsafe(`
    insert into hub.kinship (${columns}, relative_id, relative_name, relation, is_co_living, relative_born_on)
      select ${frame('kin', 'n')}, md5('relative' || n)::uuid, '亲属' || n, (10 + n % 2 * 10)::text, true,
        case when n % 2 = n / 2 % 2 then date '1990-01-01' + n / 4 end
      from hub.person p, generate_series(1, 13) n where p.person_id = '${personOf(KIN)}'`);
  return { ...made, worker };
}

const lists: [string, List][] = [
  ['officials', { name: 'cadres' }],
  ['officials by level', { name: 'cadres', args: ', orderBy: LEVEL_ASC' }],
  ['officials, last name first', { name: 'cadres', args: ', orderBy: NAME_DESC' }],
  ['officials by open warnings', { name: 'cadres', args: ', orderBy: OPEN_WARNINGS_DESC' }],
  ['officials of some units', { name: 'cadres', args: ', filter: { unitName: "1" }' }],
  ['warnings', { name: 'warnings' }],
  ['more trips than a page holds', { name: 'trips', of: TRAVELLER }],
  ['private trips', { name: 'trips', of: TRAVELLER, args: ', filter: { isPrivate: true }' }],
  ['relatives without a date of birth', { name: 'family', of: KIN }],
  ['homes', { name: 'homes', of: 5 }],
];

test.each(lists)(
  '%s: pages forwards and backwards are the whole list, each row once',
  async (_, list) => {
    const { ask, actors } = await prepared();
    const forwards = await walked(ask, actors.county, list, 4, false);
    const backwards = await walked(ask, actors.county, list, 4, true);
    const large = await walked(ask, actors.county, list, 100, false);
    // A page of one row has its cursor alone before it.
    const small =
      list.of === TRAVELLER ? forwards : await walked(ask, actors.county, list, 1, false);
    expect(backwards.cursors).toEqual(forwards.cursors);
    expect(small.cursors).toEqual(forwards.cursors);
    expect(large.cursors).toEqual(forwards.cursors);
    expect(new Set(forwards.cursors).size).toBe(forwards.cursors.length);
    expect([...forwards.totals]).toEqual([forwards.cursors.length]);
    expect(forwards.cursors.length).toBeGreaterThan(2);
    if (list.of === TRAVELLER) expect(forwards.cursors.length).toBe(TRIPS);
  },
);

test('rows of unknown date come last, those of known date in their order', async () => {
  const { ask, actors } = await prepared();
  const text = `{ cadre(id: "${cadre(KIN)}") { family(first: 100) { nodes { relation bornOn } } } }`;
  const { nodes } = ((await ask(actors.county, text)).cadre as { family: { nodes: Kin[] } }).family;
  type Kin = { relation: string; bornOn: string | null };
  for (const relation of new Set(nodes.map((each) => each.relation))) {
    const dates = nodes.filter((each) => each.relation === relation).map(({ bornOn }) => bornOn);
    const known = dates.filter((date) => date !== null);
    expect(dates).toEqual([...[...known].sort(), ...dates.filter((date) => date === null)]);
  }
  expect(nodes.filter(({ bornOn }) => bornOn === null).length).toBeGreaterThan(4);
});

test('a page shows that it was cut, and 20 rows where the request does not say how many', async () => {
  const { ask, actors } = await prepared();
  const text = `{ cadre(id: "${cadre(TRAVELLER)}") { trips { totalCount nodes { id } pageInfo { hasNextPage } } } }`;
  const { trips } = (await ask(actors.county, text)).cadre as { trips: Page };
  expect([trips.nodes.length, trips.totalCount, trips.pageInfo.hasNextPage]).toEqual([
    20,
    TRIPS,
    true,
  ]);
});

test('an empty page has no cursors and nothing before or behind it', async () => {
  const { ask, actors } = await prepared();
  const nobody: List = { name: 'trips', of: TRAVELLER, args: ', filter: { leftTo: "1999-01-01" }' };
  const nothing = {
    hasNextPage: false,
    hasPreviousPage: false,
    startCursor: null,
    endCursor: null,
  };
  for (const size of [{ first: 3 }, { last: 3 }]) {
    const read = await pageWith(ask, actors.county, nobody)(size);
    expect(read).toEqual({ totalCount: 0, edges: [], nodes: [], pageInfo: nothing });
  }
});

const mixtures: [object, string][] = [
  [{ first: 2, last: 2 }, 'first 与 last'],
  [{ first: 2, before: 'x' }, 'first 与 before'],
  [{ after: 'x', last: 2 }, 'after 与 last'],
  [{ after: 'x', before: 'x' }, 'after 与 before'],
  [{ before: 'x' }, 'before 须与 last'],
  [{ first: 0 }, 'first 须为 1–100'],
  [{ first: -1 }, 'first 须为 1–100'],
  [{ last: -1 }, 'last 须为 1–100'],
  [{ last: 101 }, 'last 最多 100'],
];

test.each(mixtures)(
  '%o is refused with the names of what does not fit',
  async (variables, said) => {
    const { ask, actors } = await prepared();
    const literals = Object.entries(variables).map(
      ([name, value]) => `${name}: ${JSON.stringify(value)}`,
    );
    for (const list of [{ name: 'cadres' }, { name: 'trips', of: TRAVELLER }]) {
      const byVariable = await pageWith(
        ask,
        actors.county,
        list,
      )(variables).catch((e: unknown) => e);
      const field = `${list.name}(${literals.join(', ')}) { nodes { id } }`;
      const text =
        list.of === undefined ? `{ ${field} }` : `{ cadre(id: "${cadre(list.of)}") { ${field} } }`;
      const byLiteral = await ask(actors.county, text).catch((e: unknown) => e);
      for (const refused of [byVariable, byLiteral]) {
        if (!(refused instanceof HubError)) throw new Error('not refused');
        expect(refused.chinese).toContain(said);
      }
    }
  },
);

test('G7 a cursor of another list, of a row that is gone or hidden, or of nothing is refused', async () => {
  const { ask, actors, worker } = await prepared();
  const trips = pageWith(ask, actors.county, { name: 'trips', of: TRAVELLER });
  const [first, second] = (await trips({ first: 2 })).edges.map(({ cursor }) => cursor);
  const own = await pageWith(ask, actors.county, { name: 'trips', of: 8 })({ first: 1 });
  const hiddenList = pageWith(ask, actors.city, { name: 'trips', of: 1 });
  const hidden = (await hiddenList({ first: 1 })).edges[0]?.cursor;
  const said = (after: unknown) => outcome(() => trips({ first: 2, after }));
  expect(await said(second)).toBe('ok');
  expect(await outcome(() => hiddenList({ first: 1, after: hidden }))).toBe('ok');
  for (const cursor of [own.edges[0]?.cursor, hidden, cadre(TRAVELLER), 'Trip:x', '']) {
    expect([cursor, await said(cursor)]).toEqual([cursor, 'cursor.invalid']);
    const back = await outcome(() => trips({ last: 2, before: cursor }));
    expect([cursor, back]).toEqual([cursor, 'cursor.invalid']);
  }
  const id = first?.split('.')[1] ?? '';
  await worker`update hub.trip set known_to = '2026-02-01' where id = ${id}`;
  expect(await said(first)).toBe('cursor.invalid');
  await worker`update hub.trip set known_to = 'infinity' where id = ${id}`;
  expect(await said(first)).toBe('ok');
});

test('a cursor stays good while its row is corrected: the page begins where the row stands now', async () => {
  const { ask, actors, worker } = await prepared();
  const trips = pageWith(ask, actors.county, { name: 'trips', of: TRAVELLER });
  const all = await walked(ask, actors.county, { name: 'trips', of: TRAVELLER }, 100, false);
  const cursor = all.cursors[0] ?? '';
  const id = cursor.split('.')[1] ?? '';
  const [before] = await worker`select left_on from hub.trip where id = ${id}`;
  await worker`update hub.trip set left_on = '1990-01-01', known_from = '2026-02-28' where id = ${id}`;
  const read = await trips({ first: 5, after: cursor });
  expect([read.edges.length, read.pageInfo.hasPreviousPage]).toEqual([0, true]);
  await worker`update hub.trip set left_on = ${before?.left_on}, known_from = '2026-01-31' where id = ${id}`;
});

test('whose cursors a page shows stands in the access log, first and last', async () => {
  const { reader, actors } = await prepared();
  const { documentOf } = await import('./read-harness.ts');
  const text = '{ cadres(first: 5) { pageInfo { startCursor endCursor hasNextPage } } }';
  const request = { document: documentOf(text), operationName: null, variables: {} };
  const plan = reader.planOperation({ ...request, actor: actors.county });
  if (!plan) throw new Error('not one statement');
  const { text: answer, persons } = await reader.runPlan(plan);
  const { pageInfo } = JSON.parse(answer).cadres as { pageInfo: PageInfo };
  const named = [pageInfo.startCursor, pageInfo.endCursor].map((cursor) =>
    cursor?.slice('Cadre:'.length),
  );
  expect([...persons].sort()).toEqual(named.sort());
  expect(Object.keys(pageInfo)).toEqual(['startCursor', 'endCursor', 'hasNextPage']);
});
