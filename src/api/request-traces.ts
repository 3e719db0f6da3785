/** A request as one span: its route and how it ended; the plugin behind Apollo adds what was asked for. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isTracing, traceRequest } from '../platform/trace.ts';

/** Traces what this scope answers. Begun after the body was read, for a span does not live through that. */
export function mountTraces(scope: FastifyInstance) {
  const ends = new WeakMap<FastifyRequest, (status: number) => void>();
  scope.addHook('preHandler', (request, _, done) => {
    if (!isTracing()) return done();
    const facts = {
      'http.route': request.routeOptions.url ?? 'none',
      'http.request.method': request.method,
    };
    traceRequest(facts, (end) => {
      ends.set(request, end);
      done();
    });
  });
  scope.addHook('onResponse', async (request, reply) => ends.get(request)?.(reply.statusCode));
}
