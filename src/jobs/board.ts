/**
 * The operators' view of the queues (Bull Board) as a Fastify plugin, to be registered under `path`.
 * It shows and changes nothing: a job made here would run in whatever name its data say. Whoever mounts
 * it guards it. Its page asks for one stylesheet from another host; that line is taken out, so that the
 * page works with the network cable pulled.
 */
import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { FastifyInstance } from 'fastify';
import { HubError } from '../base/errors.ts';
import type { Jobs } from '../platform/queue.ts';

const FOREIGN_LINK = /<link[^>]+href="https?:[^>]*>/g;

export const queueBoard =
  (jobs: Jobs, path = '/operations/queues') =>
  async (server: FastifyInstance): Promise<void> => {
    const adapter = new FastifyAdapter();
    adapter.setBasePath(path);
    createBullBoard({
      queues: jobs.queues().map((queue) => new BullMQAdapter(queue, { readOnlyMode: true })),
      serverAdapter: adapter,
      options: { uiConfig: { boardTitle: '任务队列 Queues' } },
    });
    // The board's own read-only mode leaves some doors open (pausing every queue answers 200).
    server.addHook('onRequest', async (request, reply) => {
      if (request.method === 'GET' || request.method === 'HEAD') return;
      const { code: hubCode, kind, chinese, message } = new HubError('board.read-only');
      const extensions = { code: 'FORBIDDEN', hubCode, kind, english: message };
      const error = { message: chinese, extensions };
      return reply
        .code(405)
        .header('allow', 'GET')
        .send({ errors: [error] });
    });
    server.addHook('onSend', async (_request, reply, payload) =>
      typeof payload === 'string' && String(reply.getHeader('content-type')).includes('text/html')
        ? payload.replace(FOREIGN_LINK, '')
        : payload,
    );
    await server.register(adapter.registerPlugin());
  };
