/**
 * The operators' view of the queues (Bull Board) as a Fastify plugin, to be registered under `path`.
 * Whoever mounts it guards it: it can retry and remove jobs. Its page asks for one stylesheet from another host; that line is
 * taken out, so that the page works with the network cable pulled.
 */
import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { FastifyInstance } from 'fastify';
import type { Jobs } from '../platform/queue.ts';

const FOREIGN_LINK = /<link[^>]+href="https?:[^>]*>/g;

export const queueBoard =
  (jobs: Jobs, path = '/operations/queues') =>
  async (server: FastifyInstance): Promise<void> => {
    const adapter = new FastifyAdapter();
    adapter.setBasePath(path);
    createBullBoard({
      queues: jobs.queues().map((queue) => new BullMQAdapter(queue)),
      serverAdapter: adapter,
      options: { uiConfig: { boardTitle: '任务队列 Queues' } },
    });
    server.addHook('onSend', async (_request, reply, payload) =>
      typeof payload === 'string' && String(reply.getHeader('content-type')).includes('text/html')
        ? payload.replace(FOREIGN_LINK, '')
        : payload,
    );
    await server.register(adapter.registerPlugin());
  };
