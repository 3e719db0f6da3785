/** A night killed anywhere ends, after the next one, where an undisturbed one ends. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runUntilDone, startChild } from '../harness/child.ts';
import { createTestDatabase } from '../harness/database.ts';
import { nightWorld, traces } from '../rules/night-world.ts';

const SCRIPT = 'run-night.ts';
const AS_OF = '2026-01-31';

/** A first night is behind it; since then one finding went, one changed and one came. */
async function readyForNight() {
  const database = await createTestDatabase();
  const worker = database.as('worker', 4);
  const world = await nightWorld(worker);
  const gone = await world.person('gone', [{ property: { registeredOn: '2018-03-01' } }]);
  await world.person('changed', [{ property: { registeredOn: '2018-03-01' } }]);
  const unchecked = [{ crossing: { direction: 'exit', crossedAt: '2025-05-01 09:00+08' } }];
  await world.person('gap', unchecked);
  await world.night('2026-01-25');
  await world.end('property', gone.personId, AS_OF);
  await world.add('changed', [{ property: { registeredOn: '2019-03-01' } }], AS_OF);
  await world.person('new', [{ post: { startedOn: '2010-01-01' } }], AS_OF);
  return { database, worker, url: database.url.reveal() };
}

test('D5 killed at every commit of a night, the next one leaves no warning doubled or missing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hub-night-'));
  const recording = join(folder, 'failpoints');
  const calm = await readyForNight();
  const { code, errors } = await startChild(SCRIPT, [calm.url, AS_OF], {
    HUB_FAILPOINT_RECORD: recording,
  }).ended;
  expect(errors).toContain('night.done');
  expect(code).toBe(0);
  const expected = await traces(calm.worker);
  const failpoints = [...new Set(readFileSync(recording, 'utf8').trim().split('\n'))];
  expect(failpoints).toEqual([
    'night.opened',
    'night.prepared',
    'night.part-evaluated',
    'night.part-committed',
    'night.evaluated',
    'night.before-commit',
    'night.committed',
  ]);
  for (const name of failpoints) {
    const { database, worker, url } = await readyForNight();
    const killed = await startChild(SCRIPT, [url, AS_OF], { HUB_FAILPOINT: name }).ended;
    expect(killed.signal, name).toBe('SIGKILL');
    await runUntilDone(SCRIPT, [url, AS_OF]);
    expect(await traces(worker), name).toEqual(expected);
    const states = await worker<
      { state: string }[]
    >`select state from hub.night order by started_at`;
    const wanted = name === 'night.committed' ? 'done' : 'superseded';
    expect(
      states.map(({ state }) => state),
      name,
    ).toEqual(['done', wanted, 'done']);
    const left =
      await worker`select 1 from pg_tables where schemaname = 'staging' and tablename like 'night%'`;
    expect(left, name).toHaveLength(0);
    await database.drop();
  }
  await calm.database.drop();
  rmSync(folder, { recursive: true, force: true });
});
