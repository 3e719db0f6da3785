/**
 * Serves the built explorer. In the demo, and only there, it also hands the page tokens of the demo's
 * actors. A page of another site must not get them: the browser says where a request comes from, and
 * a name in the Host header that is no address may be another site's, pointed at this machine.
 */
import { isIP } from 'node:net';
import staticFiles from '@fastify/static';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { HubError } from '../../base/errors.ts';
import type { Keys } from '../../platform/keys.ts';
import { DEMO_ACTORS } from '../demo-actors.ts';
import { sendError } from '../refuse-early.ts';

const isOwnPage = (request: FastifyRequest): boolean => {
  const site = request.headers['sec-fetch-site'];
  const host = request.hostname.replace(/^\[|\]$/g, '');
  return (
    (site === undefined || site === 'same-origin') && (host === 'localhost' || isIP(host) !== 0)
  );
};

/** GET /explorer, its files, the way there from the bare address, and in the demo GET /explorer/session. */
export async function mountExplorer(app: FastifyInstance, folder: string, keys: Keys) {
  await app.register(staticFiles, { root: folder, prefix: '/explorer/', cacheControl: false });
  app.get('/', (_, reply) => reply.redirect('/explorer/'));
  app.get('/explorer', (_, reply) => reply.redirect('/explorer/'));
  app.get('/explorer/session', async (request, reply) => {
    const { mint } = keys;
    if (!mint) return { actors: [] };
    if (!isOwnPage(request)) return sendError(reply, new HubError('auth.forbidden'), 403);
    const actors = DEMO_ACTORS.map(async ({ id, name, roles }) => ({
      id,
      name,
      isOperator: roles.some((role) => role === 'operator'),
      token: await mint(id),
    }));
    return { actors: await Promise.all(actors) };
  });
}
