/** Callers who go away, as whoever types ahead does: their lane keeps its connection and statements. */
import { expect, test } from 'vitest';
import { HubError } from '../../src/base/errors.ts';
import { documentOf, stage } from './read-harness.ts';

const county = stage({ lanes: 3 });

const pids = async () => {
  const { database } = await county.get();
  const rows = await database.as('owner', 1)<{ pid: number }[]>`
    select pid from pg_stat_activity where application_name = 'hub-read'
      and datname = current_database() and query not like '%pg_cancel_backend%' order by pid`;
  return rows.map(({ pid }) => pid);
};

/** A plan whose query waits in PostgreSQL before it answers. */
async function planThatTakes(seconds: number) {
  const { reader, actors } = await county.get();
  const document = documentOf('{ feeds { code } }');
  const actor = actors.county;
  const plan = reader.planOperation({ document, operationName: null, variables: {}, actor });
  if (!plan) throw new HubError('internal');
  const from = `from pg_sleep(${seconds}), hub.feed`;
  const text = plan.statement.text.replace('from hub.feed', from);
  return { ...plan, statement: { ...plan.statement, text } };
}

async function warmUp() {
  const { reader } = await county.get();
  const plan = await planThatTakes(0.003);
  await Promise.all(Array.from({ length: 6 }, () => reader.runPlan(plan)));
}

test('H6 a hundred callers who hang up cost no connection', async () => {
  const { reader } = await county.get();
  await warmUp();
  const before = await pids();
  const plan = await planThatTakes(0.003);
  // One at a time, as one person types, then all at once.
  for (let n = 0; n < 60; n += 1) {
    const controller = new AbortController();
    const running = reader.runPlan(plan, controller.signal);
    setTimeout(() => controller.abort(), n % 4);
    await Promise.allSettled([running]);
  }
  const outcomes = await Promise.allSettled(
    Array.from({ length: 100 }, (_, n) => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), n % 10);
      return reader.runPlan(plan, controller.signal);
    }),
  );
  expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true);
  expect(await pids()).toEqual(before);
  expect(before).toHaveLength(3);
});

/** Waits until a slow query runs: who hangs up before is not even asked for. */
const someRun = async () => {
  const { database } = await county.get();
  const owner = database.as('owner', 1);
  const running = async () =>
    (
      await owner`select 1 from pg_stat_activity where state = 'active' and query like '%pg_sleep(50)%'
        and application_name = 'hub-read' and datname = current_database()`
    ).length;
  await expect.poll(running, { timeout: 60_000 }).toBeGreaterThan(0);
};

test('H6 a slow query of a caller who hung up is cancelled, and its lane goes on with the same connection', async () => {
  const { reader } = await county.get();
  await warmUp();
  const before = await pids();
  const slow = await planThatTakes(50);
  const quick = await planThatTakes(0);
  for (let n = 0; n < 4; n += 1) {
    const controllers = [0, 1, 2].map(() => new AbortController());
    const running = controllers.map(({ signal }) => reader.runPlan(slow, signal));
    // Behind the slow ones, on the same lanes; the cancellation must not be theirs.
    const behind = Array.from({ length: 6 }, () => reader.runPlan(quick));
    await someRun();
    for (const controller of controllers) controller.abort();
    const outcomes = await Promise.allSettled(running);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    const answers = await Promise.all(behind);
    expect(answers.every(({ text }) => text.includes('"feeds"'))).toBe(true);
  }
  expect(await pids()).toEqual(before);
});
