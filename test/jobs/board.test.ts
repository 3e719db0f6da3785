import { randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import { describe, expect, test } from 'vitest';
import { queueBoard } from '../../src/jobs/index.ts';
import { BACKENDS, testQueues } from './backends.ts';

const queues = testQueues();
const PATH = '/operations/queues';

describe.each(BACKENDS)('on %s', (backend) => {
  test('the board shows the queues and asks no other host for anything', async () => {
    const jobs = await queues.open(backend, await queues.newDatabase(), queues.newPrefix());
    const id = randomUUID();
    await jobs.add({ queue: 'sync', id, name: 'sync-feed', data: { feedId: 'income' } });
    const app = Fastify();
    await app.register(queueBoard(jobs, PATH), { prefix: PATH });
    const page = await app.inject(`${PATH}/`);
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('<div id="root">');
    expect(page.body).not.toMatch(/(href|src)="(https?:)?\/\//);
    const script = /src="(static\/js\/main[^"]+)"/.exec(page.body)?.[1];
    expect((await app.inject(`${PATH}/${script}`)).statusCode).toBe(200);
    const listed = await app.inject(`${PATH}/api/queues?activeQueue=sync&page=1&jobsPerPage=10`);
    expect(listed.json().queues.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(['sync', 'nightly', 'due']),
    );
    expect(listed.body).toContain(id);
    await app.close();
  });

  test('nothing can be started, repeated, changed or removed from the board', async () => {
    const jobs = await queues.open(backend, await queues.newDatabase(), queues.newPrefix());
    const id = randomUUID();
    await jobs.add({ queue: 'nightly', id, name: 'correlate', data: { requestedBy: 'analyst' } });
    const app = Fastify();
    const routes: { method: string; url: string }[] = [];
    app.addHook('onRoute', ({ method, url }) => {
      for (const each of [method].flat()) routes.push({ method: each, url });
    });
    await app.register(queueBoard(jobs, PATH), { prefix: PATH });
    const before = await app.inject(`${PATH}/api/queues?activeQueue=nightly&jobsPerPage=10`);
    const changing = routes.filter(({ method }) => !['GET', 'HEAD'].includes(method));
    // Whatever the board can do in its next version is in this list, too.
    expect(changing.length).toBeGreaterThan(10);
    const payload = { name: 'correlate', data: { nightId: randomUUID(), asOf: '2062-06-30' } };
    for (const { method, url } of changing) {
      const address = url.replace(':queueName', 'nightly').replace(':jobId', id);
      const { statusCode, body } = await app.inject({
        ...{ method: method as 'POST', url: address.replaceAll(/:\w+/g, 'failed'), payload },
      });
      expect([method, url, statusCode]).toEqual([method, url, 405]);
      expect(body).toContain('board.read-only');
    }
    const after = await app.inject(`${PATH}/api/queues?activeQueue=nightly&jobsPerPage=10`);
    const seen = (text: string) =>
      JSON.parse(text).queues.map((it: object) => ({ ...it, counts: 0 }));
    expect(after.json().queues.map(({ counts }: { counts: object }) => counts)).toEqual(
      before.json().queues.map(({ counts }: { counts: object }) => counts),
    );
    expect(seen(after.body)).toEqual(seen(before.body));
    expect(before.json().queues.every((it: { readOnlyMode: boolean }) => it.readOnlyMode)).toBe(
      true,
    );
    await app.close();
  });
});
