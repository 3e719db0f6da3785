/**
 * Requests a second for one official's profile and for a list of fifty, the hub against hand-written
 * SQL behind a bare server: same database, same answers, 32 connections, row policies on in both.
 */
import { isDeepStrictEqual } from 'node:util';
import postgres from 'postgres';
import { type Ready, startServer } from './announce.ts';
import { personIdSql } from './county.ts';
import { type LoadResult, load } from './load.ts';
import { LIST, PROFILE } from './read-queries.ts';

const CONNECTIONS = 32;
const ROUNDS = 5;

export type ReadFigures = {
  question: string;
  hub: LoadResult;
  bare: LoadResult;
  /** The same SQL without row policies, for comparison. */
  bareWithoutPolicies: LoadResult;
  ratio: number;
  ratioWithoutPolicies: number;
};

async function someIds(url: string, officials: number): Promise<string[]> {
  const sql = postgres(url, { max: 1 });
  const found = await sql.unsafe<{ id: string }[]>(
    `select 'Cadre:' || ${personIdSql('i')} as id from generate_series(1, ${officials}, ${Math.max(1, Math.floor(officials / 997))}) i`,
  );
  await sql.end();
  return found.map(({ id }) => id);
}

const bodiesOf = (ids: string[]) => ({
  profile: ids.map((id) => JSON.stringify({ query: PROFILE, variables: { id } })),
  list: [JSON.stringify({ query: LIST, variables: {} })],
});

const address = ({ port }: Ready) => `http://127.0.0.1:${port}/graphql`;

async function ask({ port, token }: Ready, body: string): Promise<{ data?: unknown }> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const response = await fetch(address({ port }), { method: 'POST', headers, body });
  return (await response.json()) as { data?: unknown };
}

/** Of the hub's envelope only what the hand-written statement gives: the official, or the list. */
const contentOf = (answer: unknown): unknown => {
  const { cadre, cadres } = answer as { cadre?: unknown; cadres?: { nodes: unknown } };
  return cadre ?? cadres?.nodes ?? answer;
};

/** A server that answers something else faster has won nothing. */
async function refuseDifferentAnswers(hub: Ready, bare: Ready, body: string): Promise<void> {
  const [ours, theirs] = await Promise.all([ask(hub, body), ask({ ...bare, token: '' }, body)]);
  if (!ours.data || !isDeepStrictEqual(contentOf(ours.data), theirs.data)) {
    const shown = JSON.stringify([ours, theirs]).slice(0, 4000);
    throw new Error(`the hub and the bare server answer differently: ${shown}`);
  }
}

const median = (results: LoadResult[]): LoadResult => {
  const sorted = [...results].sort((a, b) => a.perSecond - b.perSecond);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (!middle) throw new Error('no rounds');
  return middle;
};

export async function measureReads(
  url: string,
  folder: string,
  officials: number,
): Promise<ReadFigures[]> {
  const servers = await Promise.all([
    startServer('./hub-server.ts', [url, folder]),
    startServer('./bare-server.ts', [url, 'api']),
    startServer('./bare-server.ts', [url, 'owner']),
  ]);
  const [hub, bare, open] = servers.map(({ ready }) => ready);
  if (!hub || !bare || !open) throw new Error('no servers');
  const figures: ReadFigures[] = [];
  for (const [question, bodies] of Object.entries(bodiesOf(await someIds(url, officials)))) {
    await refuseDifferentAnswers(hub, bare, bodies[0] ?? '');
    const run = (ready: Ready, seconds: number) =>
      load({
        url: address(ready),
        token: hub.token ?? '',
        bodies,
        seconds,
        connections: CONNECTIONS,
      });
    for (const ready of [hub, bare, open]) await run(ready, 2);
    const results: [LoadResult[], LoadResult[], LoadResult[]] = [[], [], []];
    // In turn, so that a noisy minute does not fall on one of them.
    for (let round = 0; round < ROUNDS; round++) {
      results[0].push(await run(hub, 3));
      results[1].push(await run(bare, 3));
      results[2].push(await run(open, 3));
    }
    const [a, b, c] = [median(results[0]), median(results[1]), median(results[2])];
    figures.push({
      question,
      hub: a,
      bare: b,
      bareWithoutPolicies: c,
      ratio: a.perSecond / b.perSecond,
      ratioWithoutPolicies: a.perSecond / c.perSecond,
    });
  }
  for (const { child } of servers) child.kill();
  return figures;
}
