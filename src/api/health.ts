/** GET /health/live and /health/ready beside the API itself, for its proxy. */
import type { FastifyInstance } from 'fastify';
import { ASK_AGAIN_S, type Readiness } from '../operate/readiness.ts';

/** Mounts both; what they mean is said at `readinessOf`. */
export function mountHealth(app: FastifyInstance, isReady: Readiness) {
  app.get('/health/live', async () => ({ status: 'live' }));
  app.get('/health/ready', async (_, reply) => {
    const ready = await isReady();
    if (!ready) void reply.header('retry-after', ASK_AGAIN_S);
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not-ready' });
  });
}
