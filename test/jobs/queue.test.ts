import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { HubError } from '../../src/base/errors.ts';
import type { JobRequest, RunningJob } from '../../src/platform/queue.ts';
import type { TestDatabase } from '../harness/database.ts';
import { BACKENDS, testQueues } from './backends.ts';

const queues = testQueues();

const job = (over: Partial<JobRequest> = {}): JobRequest => ({
  queue: 'sync',
  id: randomUUID(),
  name: 'sync-feed',
  data: { feedId: 'income' },
  ...over,
});

describe.each(BACKENDS)('on %s', (backend) => {
  const open = async (on?: TestDatabase) =>
    queues.open(backend, on ?? (await queues.newDatabase()), queues.newPrefix());

  test('B3 a transient failure is tried again, each time later; any other failure is not', async () => {
    const jobs = await open();
    const attempts = new Map<string, number[]>();
    await jobs.work(
      'sync',
      async ({ id, data }) => {
        attempts.set(id, [...(attempts.get(id) ?? []), Date.now()]);
        if (data.fault === 'passing' && (attempts.get(id)?.length ?? 0) < 4) {
          throw new HubError('source.unavailable', { feed: 'income' });
        }
        if (data.fault === 'lasting') throw new HubError('source.truncated', { feed: 'income' });
        if (data.fault === 'foreign') throw new Error('values (110101199003070000)');
        return undefined;
      },
      3,
    );
    const passing = await jobs.add(job({ data: { fault: 'passing' } }));
    const lasting = await jobs.add(job({ data: { fault: 'lasting' } }));
    const foreign = await jobs.add(job({ data: { fault: 'foreign' } }));
    await expect.poll(() => jobs.state('sync', passing), { timeout: 60_000 }).toBe('completed');
    await expect.poll(() => jobs.state('sync', lasting), { timeout: 60_000 }).toBe('failed');
    await expect.poll(() => jobs.state('sync', foreign), { timeout: 60_000 }).toBe('failed');
    const times = attempts.get(passing) ?? [];
    expect(times).toHaveLength(4);
    // Exponential from 20 ms with half of it jitter: the third wait is at least 40 ms.
    expect((times[3] ?? 0) - (times[2] ?? 0)).toBeGreaterThanOrEqual(38);
    expect(attempts.get(lasting)).toHaveLength(1);
    expect(attempts.get(foreign)).toHaveLength(1);
    const kept = await jobs.queues()[0]?.getJob(foreign);
    expect(JSON.stringify(kept?.toJSON())).not.toContain('110101199003070000');
    expect(kept?.failedReason).toContain('Internal error');
  });

  test('A9 fifty requests at once with one business key make one run', async () => {
    const jobs = await open();
    let runs = 0;
    const ids = await Promise.all(
      Array.from({ length: 50 }, () => jobs.add(job({ key: 'sync-income' }))),
    );
    expect(new Set(ids).size).toBe(1);
    await jobs.work(
      'sync',
      async () => {
        runs += 1;
        return undefined;
      },
      10,
    );
    await expect
      .poll(() => jobs.state('sync', ids[0] ?? ''), { timeout: 60_000 })
      .toBe('completed');
    expect(runs).toBe(1);
    // The key is free again: a later request is a new run.
    const later = await jobs.add(job({ key: 'sync-income' }));
    expect(later).not.toBe(ids[0]);
    await expect.poll(() => jobs.state('sync', later), { timeout: 60_000 }).toBe('completed');
  });

  test('A9 the same job delivered fifty times at once runs once', async () => {
    const jobs = await open();
    const request = job();
    await Promise.all(Array.from({ length: 50 }, () => jobs.add(request)));
    expect(await jobs.queues()[0]?.getWaitingCount()).toBe(1);
  });

  test('a parent waits for its children and runs though one of them failed for good', async () => {
    const jobs = await open();
    const seen: string[] = [];
    const children = ['income', 'vehicle', 'audit'].map((feedId) => job({ data: { feedId } }));
    const parent = job({ queue: 'nightly', name: 'correlate', data: { asOf: '2026-06-30' } });
    let failed: string[] = [];
    await jobs.work(
      'nightly',
      async (running: RunningJob) => {
        seen.push('correlate');
        failed = await running.failedChildren();
        return undefined;
      },
      1,
    );
    await jobs.addFlow(parent, children);
    expect(await jobs.state('nightly', parent.id)).toBe('waiting-children');
    await jobs.work(
      'sync',
      async ({ data }) => {
        if (data.feedId === 'vehicle') throw new HubError('source.truncated', { feed: 'vehicle' });
        seen.push(data.feedId ?? '');
        return undefined;
      },
      1,
    );
    await expect
      .poll(() => jobs.state('nightly', parent.id), { timeout: 60_000 })
      .toBe('completed');
    expect(seen).toEqual(['income', 'audit', 'correlate']);
    expect(failed).toHaveLength(1);
    expect(failed[0]).toContain(children[1]?.id ?? 'no id');
  });

  test('progress and notes of a running job can be seen from outside', async () => {
    const on = await queues.newDatabase();
    const jobs = await open(on);
    let finish: () => void = () => undefined;
    const mayFinish = new Promise<void>((done) => {
      finish = done;
    });
    await jobs.work(
      'sync',
      async (running) => {
        for (let row = 1; row <= 400; row += 1) running.progress('land', row, 400);
        await running.note('first');
        await running.note('second');
        await mayFinish;
        return undefined;
      },
      1,
    );
    const id = await jobs.add(job());
    const queue = jobs.queues()[0];
    await expect
      .poll(async () => (await queue?.getJob(id))?.progress, { timeout: 60_000 })
      .toEqual({ step: 'land', done: 400, total: 400 });
    await expect
      .poll(async () => (await queue?.getJobLogs(id))?.logs, { timeout: 60_000 })
      .toEqual(['first', 'second']);
    finish();
    await expect.poll(() => jobs.state('sync', id), { timeout: 60_000 }).toBe('completed');
  });

  test('A10 closing lets a running job end; past the grace time it is released, not failed', async () => {
    const on = await queues.newDatabase();
    const prefix = queues.newPrefix();
    const first = await queues.open(backend, on, prefix);
    let started = 0;
    await first.work(
      'sync',
      async ({ signal }) => {
        started += 1;
        await new Promise((_, fail) =>
          signal.addEventListener('abort', () => fail(new Error('stopped'))),
        );
        return undefined;
      },
      1,
    );
    const id = await first.add(job());
    await expect.poll(() => started, { timeout: 60_000 }).toBe(1);
    await first.close(50);
    const second = await queues.open(backend, on, prefix);
    expect(await second.state('sync', id)).toBe('waiting');
    await second.work('sync', async () => undefined, 1);
    await expect.poll(() => second.state('sync', id), { timeout: 60_000 }).toBe('completed');
  });
});
