/** The API as main starts it: the hub's own schema and read path behind the hub's server. */
import { schema } from '../../schema/index.ts';
import { createReader } from '../read/index.ts';
import { type Server, type ServerOptions, startServer } from './server.ts';

export type { ApiActions } from '../act/api-actions.ts';
export { DEMO_ACTORS, registerDemoActors } from './demo-actors.ts';
export { judgeDocument, readManifest } from './document-manifest.ts';
export { LIMITS } from './limits.ts';
export type { Mount } from './operations.ts';

export type ApiOptions = Omit<ServerOptions, 'schema' | 'reader'>;

/** Starts the API; `close` lets requests under way finish. */
export function startApi(options: ApiOptions): Promise<Server> {
  const { config, databaseUrl, keys, clock } = options;
  const limits = { depth: config.limits.depth, objects: config.limits.cost };
  const reader = createReader({
    ...{ schema, databaseUrl, clock, limits },
    identityKey: keys.identity,
  });
  return startServer({ ...options, schema, reader });
}
