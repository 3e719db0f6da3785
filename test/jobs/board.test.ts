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
});
