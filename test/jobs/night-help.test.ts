/** A night asks the other processes for help, and its own process does not help itself. */
import { describe, expect, test } from 'vitest';
import { fixedClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { requests, startWorker, type Work } from '../../src/jobs/index.ts';
import { BACKENDS, testQueues } from './backends.ts';

const queues = testQueues();

describe.each(BACKENDS)('on %s', (backend) => {
  test('parts of a night are offered to other processes, with nothing but its id', async () => {
    const database = await queues.newDatabase();
    const prefix = queues.newPrefix();
    const sql = database.as('worker', 6);
    const clock = fixedClock('2040-03-01T12:00:00+08:00');
    const runs: string[] = [];
    const helped: [process: string, nightId: string][] = [];
    const { promise: enough, resolve: letGo } = Promise.withResolvers<void>();
    const workOf = (name: string): Work => ({
      async sync() {},
      async correlate(_request, _control, onParts) {
        runs.push(name);
        await onParts(4);
        await enough;
      },
      async help({ nightId }) {
        helped.push([name, nightId]);
      },
    });
    const contexts = await Promise.all(
      ['a', 'b'].map(async (name) => {
        const jobs = await queues.open(backend, database, prefix);
        const context = { jobs, sql, clock, log: silentLog };
        await startWorker(context, workOf(name), { reconcileMs: 3_600_000 });
        return context;
      }),
    );
    const [context] = contexts;
    if (!context) throw new Error('no process');
    const { nightId } = await requests(context).startCorrelation('2040-03-01', 'test');
    // Of three requests the night's own process holds at most one.
    await expect.poll(() => helped.length, { timeout: 60_000 }).toBeGreaterThanOrEqual(2);
    letGo();
    const [own] = runs;
    expect(runs).toHaveLength(1);
    expect(helped.filter(([name]) => name === own)).toEqual([]);
    expect(new Set(helped.map(([, id]) => id))).toEqual(new Set([nightId]));
  });
});
