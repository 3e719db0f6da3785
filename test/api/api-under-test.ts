/** The real server over a small schema, on a database of its own, with the demo's actors and keys. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GraphQLSchema } from 'graphql';
import { afterAll } from 'vitest';
import type { ApiActions } from '../../src/act/api-actions.ts';
import { registerDemoActors } from '../../src/api/demo-actors.ts';
import { type ServerOptions, startServer } from '../../src/api/server.ts';
import { systemClock } from '../../src/base/clock.ts';
import { createLog } from '../../src/base/log.ts';
import type { Secret } from '../../src/base/secret.ts';
import { type Keys, openKeys } from '../../src/platform/keys.ts';
import { COST_LIMITS, createReader } from '../../src/read/index.ts';
import { createTestDatabase, type TestDatabase } from '../harness/database.ts';
import { type StandIn, standInSchema } from './stand-in-schema.ts';

export type Api = {
  url: string;
  database: TestDatabase;
  keys: Keys;
  /** Every log line so far. */
  log: string[];
  /** Resolvers of the stand-in schema that ran. */
  standIn: StandIn;
  token(actorId?: string): Promise<string>;
  post(query: string, more?: PostOptions): Promise<Answer>;
  fetch(path: string, init?: RequestInit): Promise<Response>;
};

export type PostOptions = {
  variables?: unknown;
  actor?: string | undefined;
  headers?: Record<string, string>;
  method?: 'POST' | 'GET';
};

export type GraphqlError = {
  message: string;
  extensions?: {
    code?: string;
    hubCode?: string;
    kind?: string;
    english?: string;
    reference?: string;
  };
};
export type Answer = {
  status: number;
  text: string;
  retryAfter: string | null;
  data?: Record<string, unknown> | null;
  errors?: GraphqlError[];
};

const noActions: ApiActions = {
  startSync: async () => ({ syncRunId: '00000000-0000-4000-8000-000000000001' }),
  startCorrelation: async () => ({ nightId: '00000000-0000-4000-8000-000000000002' }),
};

const newestMedia = 'application/graphql-response+json';

type Overrides = Partial<ServerOptions> & {
  /** Origins whose pages may read answers. */
  origins?: readonly string[];
  /** Who runs registered documents and no others. */
  registeredOnly?: readonly string[];
  realSchema?: GraphQLSchema;
  /** The way to the database, e.g. over a wire that can be cut. */
  through?: (database: TestDatabase) => Promise<Secret>;
};

async function open(overrides: Overrides): Promise<Api & { close(): Promise<void> }> {
  const database = await createTestDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'hub-api-'));
  const log: string[] = [];
  const keys = overrides.keys ?? (await openKeys(folder, { kind: 'demo' }, systemClock));
  await registerDemoActors(database.as('api', 1));
  const standIn = standInSchema();
  const schema = overrides.realSchema ?? standIn.schema;
  const clock = overrides.clock ?? systemClock;
  // The hub's own limits for its own schema: whoever opens the explorer asks for all of it.
  const limits = overrides.realSchema ? COST_LIMITS : { depth: 10, objects: 5000 };
  const databaseUrl = (await overrides.through?.(database)) ?? database.logins.api;
  const reader = createReader({
    schema,
    databaseUrl,
    identityKey: keys.identity,
    clock,
    lanes: 2,
    limits,
  });
  const server = await startServer({
    config: {
      host: '127.0.0.1',
      port: 0,
      trustedProxies: [],
      origins: overrides.origins ?? [],
      registeredOnly: overrides.registeredOnly ?? [],
      limits: { depth: limits.depth, cost: limits.objects, tokens: 2000 },
    },
    databaseUrl,
    clock,
    log: createLog((line) => log.push(line)),
    actions: noActions,
    ...overrides,
    keys,
    schema,
    reader,
  });
  const url = `http://127.0.0.1:${server.port}`;
  const token = (actorId = 'analyst') => keys.mint?.(actorId) ?? Promise.resolve('');
  return {
    url,
    database,
    keys,
    log,
    standIn,
    token,
    fetch: (path, init) => fetch(`${url}${path}`, init),
    post: (query, more) => send(url, token, query, more),
    async close() {
      await server.close();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function send(
  url: string,
  token: Api['token'],
  query: string,
  { variables, actor = 'analyst', headers = {}, method = 'POST' }: PostOptions = {},
): Promise<Answer> {
  const all = {
    accept: newestMedia,
    authorization: `Bearer ${await token(actor)}`,
    // Apollo refuses a GET that a page of another site could send.
    'apollo-require-preflight': 'yes',
    ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
    ...headers,
  };
  const parameters = new URLSearchParams({ query });
  if (variables !== undefined) parameters.set('variables', JSON.stringify(variables));
  const response = await (method === 'POST'
    ? fetch(`${url}/graphql`, {
        method,
        headers: all,
        body: JSON.stringify({ query, variables }),
      })
    : fetch(`${url}/graphql?${parameters}`, { headers: all }));
  const text = await response.text();
  const retryAfter = response.headers.get('retry-after');
  return { status: response.status, text, retryAfter, ...JSON.parse(text) };
}

/** Call once at the top of a test file. */
export function apiUnderTest(overrides: Overrides = {}): { get(): Promise<Api> } {
  let opened: ReturnType<typeof open> | undefined;
  afterAll(async () => {
    await (await opened)?.close();
  });
  return {
    get() {
      opened ??= open(overrides);
      return opened;
    },
  };
}

/** Rows of the access log so far, oldest first; read as the owner of the cluster. */
export const entriesOf = (database: TestDatabase) =>
  database.as('owner', 1)<
    {
      actor_id: string;
      operation: string;
      purpose: string | null;
      persons: string[];
      asked_for: string | null;
      rows: number | null;
      outcome: string;
    }[]
  >`select actor_id, operation, purpose, persons, asked_for, rows, outcome
    from hub.access_log order by entry_no`;
