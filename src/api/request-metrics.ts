/** Counts requests by the route that took them, never by what was asked for. */
import type { FastifyInstance } from 'fastify';
import { requestSeconds } from '../platform/metrics.ts';

/** Whoever invents a method or a path does not invent a label. */
const METHODS = new Set(['GET', 'POST', 'HEAD', 'OPTIONS']);

/** Watches every answer of this server. */
export function mountMetrics(app: FastifyInstance) {
  app.addHook('onResponse', async (request, reply) => {
    const labels = {
      route: request.routeOptions.url ?? 'none',
      method: METHODS.has(request.method) ? request.method : 'other',
      status: String(reply.statusCode),
    };
    requestSeconds.observe(labels, reply.elapsedTime / 1000);
  });
}
