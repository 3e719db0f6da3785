/**
 * The hub's one HTTP server: GraphQL, the explorer, health, and whatever pages main mounts for
 * operators. Everything opened here is closed by `close`, which lets requests under way finish.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Actor } from '../access/actor.ts';
import type { ApiActions } from '../act/api-actions.ts';
import type { CommandContext } from '../act/command.ts';
import { MOST_COMMITS, openAccessLog } from '../audit/access-log.ts';
import type { Clock } from '../base/clock.ts';
import { HubError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Secret } from '../base/secret.ts';
import { readinessOf } from '../operate/readiness.ts';
import { connect } from '../platform/database.ts';
import type { Keys } from '../platform/keys.ts';
import type { Reader } from '../read/index.ts';
import { purposeOf } from './access-entry.ts';
import { mountApollo } from './apollo-route.ts';
import { mountCors } from './cors.ts';
import { openDocuments } from './documents.ts';
import { mountExplorer } from './explorer/serve.ts';
import { openGraphql } from './graphql.ts';
import { mountHeaders } from './headers.ts';
import { mountHealth } from './health.ts';
import { type HttpConfig, openHttp } from './http.ts';
import { LIMITS, textDepth } from './limits.ts';
import type { RequestContext } from './logged-reads.ts';
import { type Mount, mountOperations } from './operations.ts';
import { mountRateLimit, type Rates } from './rate-limit.ts';
import { limitRequest, requireActor, takeRegistered } from './refuse-early.ts';
import { mountMetrics } from './request-metrics.ts';
import { mountTraces } from './request-traces.ts';
import { createSignIn } from './sign-in.ts';

export type ServerConfig = HttpConfig & {
  host: string;
  port: number;
  limits: { depth: number; cost: number; tokens: number };
  /** Undefined: as often as they like. */
  rates?: Rates;
  /** Origins whose pages may read answers; none unless configured. */
  origins?: readonly string[];
  /** Roles, `account:<id>` or `*`: who runs registered documents and no others. */
  registeredOnly?: readonly string[];
};

export type ServerOptions = {
  config: ServerConfig;
  databaseUrl: Secret;
  keys: Keys;
  clock: Clock;
  log: Log;
  schema: GraphQLSchema;
  /** The read path over that schema; the server closes it. */
  reader: Reader;
  actions: ApiActions;
  /** Folder of the built explorer; undefined switches it off. */
  explorerFolder?: string | undefined;
  mounts?: readonly Mount[];
};

/** What resolvers are given. */
export type ServerContext = RequestContext & {
  reader: Reader;
  commands: CommandContext;
  actions: ApiActions;
};

export type Server = { port: number; close(): Promise<void> };

const CONNECTIONS = 10;
const UNLIMITED: Rates = { perAddress: 0, perActor: 0 };

const actorOf = (actor: Actor | null): Actor => {
  if (!actor) throw new HubError('auth.required');
  return actor;
};

/** Fires when the connection closes before the answer was sent. */
function signalOf(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return gone.signal;
}

/** Starts the server over a given schema; `startApi` gives it the hub's own. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { config, clock, log, keys } = options;
  const sql = connect(options.databaseUrl, { role: 'api', max: CONNECTIONS });
  const logSql = connect(options.databaseUrl, {
    role: 'api',
    max: MOST_COMMITS,
    name: 'hub-api-audit',
  });
  const accessLog = openAccessLog(logSql, clock);
  const signIn = createSignIn({ sql, keys: keys.tokens, clock });
  const limits = {
    ...LIMITS,
    depth: textDepth(config.limits.depth),
    tokens: config.limits.tokens,
  };
  const { schema, reader, actions } = options;
  const documents = openDocuments({ sql, clock, registeredOnly: config.registeredOnly ?? [] });
  const apollo = await openGraphql({
    ...{ schema, reader, accessLog, limits, log },
    identityKey: keys.identity,
  });
  const contextOf = (request: FastifyRequest, reply: FastifyReply): ServerContext => {
    const actor = actorOf(request.actor);
    const purpose = purposeOf(request.headers['x-purpose']);
    const commands = { sql, actor, clock, purpose };
    const noted = { seen: new Set<string>(), refusals: new Set<string>() };
    return { actor, purpose, ...noted, signal: signalOf(reply), reader, commands, actions };
  };
  const { app, close: closeHttp } = openHttp(config, log);
  mountHeaders(app);
  mountCors(app, config.origins ?? []);
  const limitActor = await mountRateLimit(app, config.rates ?? UNLIMITED);
  mountHealth(app, readinessOf(sql, 'api', log));
  mountMetrics(app);
  await app.register(async (scope) => {
    scope.addHook('onRequest', requireActor(signIn, accessLog, log));
    scope.addHook('onRequest', limitActor);
    mountTraces(scope);
    scope.addHook('preHandler', takeRegistered(documents, accessLog, log));
    scope.addHook('preHandler', limitRequest(limits, accessLog, log));
    mountApollo(scope, apollo, contextOf);
  });
  await mountOperations(app, { signIn, accessLog, clock, log, mounts: options.mounts ?? [] });
  if (options.explorerFolder) await mountExplorer(app, options.explorerFolder, keys);
  const close = async () => {
    await closeHttp();
    await apollo.stop();
    await reader.close();
    await Promise.all([sql.end({ timeout: 5 }), logSql.end({ timeout: 5 })]);
  };
  try {
    await app.listen({ host: config.host, port: config.port });
  } catch (error) {
    // The port may be taken; main may try another, and nothing may stay open.
    await close();
    throw error;
  }
  const address = app.server.address();
  const port = typeof address === 'object' && address ? address.port : config.port;
  return { port, close };
}
