/** A night over a date that has not come would be the last one: every later night is older than it. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { requests } from '../../src/jobs/index.ts';
import type { Jobs } from '../../src/platform/queue.ts';
import { createTestDatabase, type TestDatabase } from '../harness/database.ts';
import { aboutEveryone, nightWorld, testRule } from '../rules/night-world.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

const nightsOf = async () => [...(await database.as('owner', 1)`select as_of from hub.night`)];

test.each([
  ['2062-06-30', 'night.in-future'],
  ['2026-07-02', 'night.in-future'],
  ['2026-02-30', 'date.malformed'],
  ['soon', 'date.malformed'],
])(
  'a night of %s is refused where every night begins, and tonight is as before',
  async (asOf, code) => {
    const world = await nightWorld(database.as('worker'), [testRule('M01', aboutEveryone())]);
    await world.person('somebody');
    const { context } = world;
    const { correlate } = await import('../../src/pipeline/correlate/index.ts');
    const refused = correlate(context, { asOf, mode: 'auto', requestedBy: 'test' });
    await expect(refused).rejects.toMatchObject({ code });
    expect(await nightsOf()).toEqual([]);
    const night = await world.night('2026-07-01');
    expect(night.states.evaluated).toBe(1);
  },
);

test('nor is one put into the queue', async () => {
  const { context } = await nightWorld(database.as('worker'), []);
  const added: unknown[] = [];
  // The queue of this test only writes down what it is told.
  const jobs = { add: async (job: unknown) => void added.push(job) } as unknown as Jobs;
  const ask = requests({ jobs, sql: context.sql, clock: context.clock, log: context.log });
  await expect(ask.startCorrelation('2062-06-30', 'operator')).rejects.toMatchObject({
    code: 'night.in-future',
    chinese: expect.stringContaining('2062-06-30'),
    message: expect.stringContaining('2062-06-30'),
  });
  expect(added).toEqual([]);
  expect(await nightsOf()).toEqual([]);
});
