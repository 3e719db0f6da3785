/**
 * Requests a second for one official's profile and for a list of fifty: the hub against hand-written
 * SQL behind a bare server and against PostGraphile 5, on the same database with row policies on, over
 * one connection and over 32, with one actor and with as many actors as connections.
 */
import { postgres } from '../../src/platform/driver.ts';
import type { Bench } from './bench.ts';
import { personIdSql } from './county.ts';
import { type LoadResult, load } from './load.ts';
import {
  INSTALL_POSTGRAPHILE,
  QUESTIONS,
  type Question,
  type Server,
  startServers,
} from './questions.ts';
import { type Line, megabytes, perSecond, ratio } from './table.ts';

const MANY = 32;
/** Until statements are prepared and code is compiled. */
const WARM_UP_SECONDS = 2;

/** One measured series: which server, over how many connections, for how many actors. */
type Series = { server: Server; connections: number; actors: number; results: LoadResult[] };

async function someIds(url: string, officials: number): Promise<string[]> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  await sql.unsafe('vacuum analyze');
  const step = Math.max(1, Math.floor(officials / 997));
  const found = await sql.unsafe<{ id: string }[]>(
    `select ${personIdSql('i')} as id from generate_series(1, ${officials}, ${step}) i`,
  );
  await sql.end();
  return found.map(({ id }) => id);
}

function seriesOf(servers: readonly Server[]): Series[] {
  const series = (server: Server, connections: number, actors: number): Series => ({
    server,
    connections,
    actors,
    results: [],
  });
  return servers.flatMap((server) => [
    series(server, MANY, 1),
    ...(server.name === 'hub' ? [series(server, MANY, MANY)] : []),
    ...(server.name === 'open' ? [] : [series(server, 1, 1)]),
  ]);
}

async function measure(all: readonly Series[], question: Question, { sizes }: Bench) {
  const run = ({ server, connections, actors }: Series, seconds: number) =>
    load({
      url: server.url,
      tokens: server.tokens.slice(0, actors),
      bodies: server.bodies[question],
      seconds,
      connections,
    });
  for (const series of all) await run(series, WARM_UP_SECONDS);
  // In turn, so that a noisy minute does not fall on one of them.
  for (let round = 0; round < sizes.rounds; round++) {
    for (const series of all) {
      const result = await run(series, sizes.roundSeconds);
      if (result.failed > 0) throw new Error(`${result.failed} requests failed`);
      series.results.push(result);
    }
  }
}

function medianOf({ results }: Series): LoadResult {
  const sorted = [...results].sort((a, b) => a.perSecond - b.perSecond);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (!middle) throw new Error('no rounds');
  return middle;
}

const cell = ({ perSecond: rate, p50, p95 }: LoadResult) =>
  `${perSecond(rate)} (p50 ${p50.toFixed(1)}, p95 ${p95.toFixed(1)} ms)`;

const NAMES = {
  hub: 'the hub',
  bare: 'hand-written SQL behind a bare server, policies on',
  open: 'the same SQL without policies',
  postgraphile: 'PostGraphile 5, policies on',
} as const;

const GOALS: Readonly<Record<string, string>> = {
  'profile 32 1 bare': '≥ 0.80',
  'profile 1 1 bare': '≥ 0.70',
  'list 32 1 bare': '≥ 0.95',
};

function linesOf(question: Question, all: readonly Series[]): Line[] {
  const others = all.filter(({ server }) => server.name !== 'hub');
  return all
    .filter(({ server }) => server.name === 'hub')
    .flatMap((hub) => {
      const ours = medianOf(hub);
      const over = hub.connections === 1 ? '1 connection' : `${hub.connections} connections`;
      const by = hub.actors === 1 ? '' : `, ${hub.actors} actors`;
      return others
        .filter(({ connections }) => connections === hub.connections)
        .filter(({ server }) => hub.actors === 1 || server.name === 'bare')
        .map((other): Line => {
          const { name } = other.server;
          const theirs = medianOf(other);
          return {
            what: `${question}, ${over}${by} / ${NAMES[name]}`,
            hub: cell(ours),
            baseline: cell(theirs),
            ratio: ratio(ours.perSecond / theirs.perSecond),
            goal: GOALS[`${question} ${hub.connections} ${hub.actors} ${name}`] ?? '',
          };
        });
    });
}

/** Over a county that fills the database at `url`. */
export async function measureReads(bench: Bench, url: string): Promise<Line[]> {
  bench.say(`reads: ${bench.sizes.officials} officials, row policies on …`);
  const servers = await startServers(url, bench.folder, await someIds(url, bench.sizes.officials));
  const lines: Line[] = [];
  try {
    for (const question of QUESTIONS) {
      const all = seriesOf(servers);
      await measure(all, question, bench);
      lines.push(...linesOf(question, all));
    }
    for (const { name, started } of servers.filter(({ name: it }) => it !== 'open')) {
      lines.push({
        what: `  memory of the server: ${NAMES[name]}`,
        hub: megabytes((await started.usage()).memory),
      });
    }
  } finally {
    await Promise.all(servers.map(({ started }) => started.stop()));
  }
  if (!servers.some(({ name }) => name === 'postgraphile')) {
    lines.push({ what: `PostGraphile 5: not installed: ${INSTALL_POSTGRAPHILE}` });
  }
  return lines;
}
