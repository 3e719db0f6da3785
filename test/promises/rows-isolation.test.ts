import { expect, test } from 'vitest';
import type { Actor } from '../../src/access/actor.ts';
import { HubError } from '../../src/base/errors.ts';
import { REBUILD_SEARCH } from '../../src/pipeline/link/search.ts';
import { documentOf, stage } from '../read/read-harness.ts';

const ACTORS_AT_ONCE = 40;
const REQUESTS = 3_000;
const IN_FLIGHT = 60;

// Every official has an authority of its own, so that an actor may see exactly one row.
const county = stage({ officials: ACTORS_AT_ONCE, city: 0, lanes: 3 });

const actorOf = (n: number): Actor => ({
  ...{ id: `a${n}`, name: '', roles: ['analyst'] },
  authorities: [100 + n],
});

const WORKING = [
  '{ cadres { totalCount nodes { name } } }',
  'query ($n: Int) { cadres(first: $n) { totalCount nodes { name homes { nodes { address } } } } }',
  '{ cadres(orderBy: OPEN_WARNINGS_DESC) { nodes { name family { nodes { name } } } totalCount } }',
];

test('G16 thousands of interleaved requests of many actors over few connections: no foreign row', async () => {
  const { reader, database } = await county.get();
  const owner = database.as('owner', 1);
  for (const table of ['person', 'property', 'kinship', 'warning']) {
    await owner.unsafe(`update hub.${table} t set managed_by = array[100 + right(p.name, 5)::int]::smallint[]
      from hub.person p where p.person_id = t.person_id and p.is_official`);
  }
  await owner.unsafe(REBUILD_SEARCH);
  const foreign: string[] = [];
  const failures = { expected: 0, other: 0 };
  let next = 0;

  const one = async (n: number) => {
    const who = n % ACTORS_AT_ONCE;
    const isFailing = n % 25 === 0;
    // Three hundred texts, so that statements are first prepared under load.
    const text = `${WORKING[n % 3]} # ${n % 300}`;
    const plan = reader.planOperation({
      document: documentOf(text),
      operationName: null,
      variables: n % 3 === 1 ? { n: 1 + (n % 40) } : {},
      actor: actorOf(who),
    });
    if (!plan) throw new HubError('internal');
    // Fails in PostgreSQL while it runs, with the settings of its actor already sent.
    const broken = {
      ...plan,
      statement: {
        ...plan.statement,
        text: plan.statement.text.replace('where current', 'where 1 / 0 = 1 and current'),
      },
    };
    try {
      const answer = (await reader.runPlan(isFailing ? broken : plan)).text;
      const names = [...answer.matchAll(/干部(\d{5})/g)].map((match) => Number(match[1]));
      const isOwn = names.length === 1 && names[0] === who && answer.includes('"totalCount":1');
      if (!isOwn) foreign.push(`${who}: ${answer}`);
    } catch {
      failures[isFailing ? 'expected' : 'other'] += 1;
    }
  };
  const worker = async () => {
    while (next < REQUESTS) {
      next += 1;
      await one(next);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  expect(foreign).toEqual([]);
  expect(failures).toEqual({ expected: REQUESTS / 25, other: 0 });
});

test('G16 a connection that lost its settings gives nothing of anybody, and the next request works', async () => {
  const { reader, database } = await county.get();
  const owner = database.as('owner', 1);
  const ask = async () => {
    const document = documentOf('{ cadres { totalCount } }');
    const plan = reader.planOperation({
      document,
      operationName: null,
      variables: {},
      actor: actorOf(3),
    });
    if (!plan) throw new HubError('internal');
    return (await reader.runPlan(plan)).text;
  };
  expect(await ask()).toBe('{"cadres":{"totalCount":1}}');
  await owner`select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'hub-read' and datname = current_database()`;
  const answers = await Promise.allSettled(Array.from({ length: 12 }, ask));
  for (const answer of answers) {
    if (answer.status === 'fulfilled') expect(answer.value).toBe('{"cadres":{"totalCount":1}}');
    else expect(answer.reason).toMatchObject({ code: 'database.unavailable' });
  }
  expect(await ask()).toBe('{"cadres":{"totalCount":1}}');
});

test('H6 an aborted request is cancelled in PostgreSQL, too', async () => {
  const { reader, database } = await county.get();
  const owner = database.as('owner', 1);
  const document = documentOf('{ feeds { code } }');
  const plan = reader.planOperation({
    document,
    operationName: null,
    variables: {},
    actor: actorOf(1),
  });
  if (!plan) throw new HubError('internal');
  const text = plan.statement.text.replace('from hub.feed', 'from pg_sleep(50), hub.feed');
  const isRunning = async () =>
    (
      await owner`select 1 from pg_stat_activity where state = 'active' and query like '%pg_sleep(50)%'
      and application_name = 'hub-read' and datname = current_database()`
    ).length > 0;
  // More often than there are connections: each is as good as before.
  for (let n = 0; n < 5; n += 1) {
    const controller = new AbortController();
    const slow = { ...plan, statement: { ...plan.statement, text } };
    const running = reader.runPlan(slow, controller.signal);
    await expect.poll(isRunning, { timeout: 60_000 }).toBe(true);
    controller.abort();
    await expect(running).rejects.toBeInstanceOf(HubError);
    expect(await isRunning()).toBe(false);
  }
  const answers = await Promise.all(Array.from({ length: 12 }, () => reader.runPlan(plan)));
  expect(answers.every((answer) => answer.text.includes('feeds'))).toBe(true);
});
