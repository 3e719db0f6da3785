/**
 * The servers that answer the two questions: the hub, hand-written SQL behind a bare server with and
 * without row policies, and PostGraphile where it has been installed. Before anything is measured
 * each is asked once: a server that answers something else faster has won nothing.
 */
import { existsSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { type Started, startProcess } from './announce.ts';
import { LIST, PROFILE } from './read-queries.ts';

export const QUESTIONS = ['profile', 'list'] as const;
export type Question = (typeof QUESTIONS)[number];

export type Server = {
  name: 'hub' | 'bare' | 'open' | 'postgraphile';
  started: Started;
  url: string;
  tokens: readonly string[];
  bodies: Readonly<Record<Question, string[]>>;
};

const POSTGRAPHILE = new URL('postgraphile/', import.meta.url);
export const INSTALL_POSTGRAPHILE = 'npm ci --prefix test/bench/postgraphile';

const bodiesOf = (profile: string, list: string, ids: readonly string[]): Server['bodies'] => ({
  profile: ids.map((id) => JSON.stringify({ query: profile, variables: { id } })),
  list: [JSON.stringify({ query: list, variables: {} })],
});

const server = (name: Server['name'], started: Started, bodies: Server['bodies']): Server => ({
  name,
  started,
  url: `http://127.0.0.1:${started.ready.port}/graphql`,
  tokens: started.ready.tokens ?? [],
  bodies,
});

/** Starts them over a filled database; `personIds` are the officials whose profiles are asked for. */
export async function startServers(
  url: string,
  folder: string,
  personIds: readonly string[],
): Promise<Server[]> {
  const cadres = personIds.map((id) => `Cadre:${id}`);
  const ours = bodiesOf(PROFILE, LIST, cadres);
  const servers = [
    server('hub', await startProcess('./hub-server.ts', [url, folder]), ours),
    server('bare', await startProcess('./bare-server.ts', [url, 'api']), ours),
    server('open', await startProcess('./bare-server.ts', [url, 'owner']), ours),
  ];
  if (existsSync(new URL('node_modules/postgraphile', POSTGRAPHILE))) {
    const text = (file: string) => readFileSync(new URL(file, POSTGRAPHILE), 'utf8');
    const environment = { GRAPHILE_ENV: 'production' };
    const started = await startProcess('./postgraphile/server.js', [url], environment);
    const bodies = bodiesOf(text('profile.graphql'), text('list.graphql'), personIds);
    servers.push(server('postgraphile', started, bodies));
  }
  try {
    for (const question of QUESTIONS) await refuseDifferentAnswers(servers, question);
  } catch (error) {
    await Promise.all(servers.map(({ started }) => started.stop()));
    throw error;
  }
  return servers;
}

async function ask({ url, tokens, bodies }: Server, question: Question): Promise<unknown> {
  const [token] = tokens;
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    body: bodies[question][0] ?? '',
  });
  const { data } = (await response.json()) as { data?: Record<string, { nodes?: unknown }> };
  // Of the envelope only what the hand-written statement gives: the official, or the list.
  return data?.cadre ?? data?.cadres?.nodes ?? data;
}

/** An answer without what each server words in its own way: amounts, codes, ids, how a count is said. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return value === null ? null : 'value';
  if ('totalCount' in value) return 'value';
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shapeOf(each)]));
}

/** Rows that a question does not put in order may come in any. */
function unordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => JSON.stringify(unordered(each))).sort();
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, unordered(each)]));
}

async function refuseDifferentAnswers(servers: readonly Server[], question: Question) {
  const [hub, ...others] = servers;
  if (!hub) return;
  const ours = await ask(hub, question);
  for (const other of others) {
    const theirs = await ask(other, question);
    const same =
      other.name === 'postgraphile'
        ? isDeepStrictEqual(unordered(shapeOf(ours)), unordered(shapeOf(theirs)))
        : isDeepStrictEqual(unordered(ours), unordered(theirs));
    if (!ours || !same) {
      const shown = JSON.stringify([ours, theirs]).slice(0, 4000);
      throw new Error(
        `the hub and the ${other.name} server answer ${question} differently: ${shown}`,
      );
    }
  }
}
