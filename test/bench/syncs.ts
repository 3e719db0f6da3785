/**
 * A whole county, every feed from its department to the graph, with one, two and three workers; each
 * time into a database of its own. The ideal is the processor time of one worker's run (its own,
 * PostgreSQL's, and that of the departments, which this process plays) spread over the cores of the
 * machine: with the same work nothing can be faster.
 */
import { join } from 'node:path';
import { systemClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { Secret } from '../../src/base/secret.ts';
import { makeCounty, openDemoSources } from '../../src/commands/demo-county.ts';
import { Closing } from '../../src/commands/stopping.ts';
import { requests } from '../../src/jobs/index.ts';
import { connect } from '../../src/platform/database.ts';
import { openQueue } from '../../src/platform/queue.ts';
import { type Started, startProcess } from './announce.ts';
import { type Bench, newDatabase } from './bench.ts';
import { shares, tableSizes, totalOf } from './disk.ts';
import { CORES, postmasterOf, serverCpuSeconds } from './machine.ts';
import { kilobytes, type Line, megabytes, ratio, seconds } from './table.ts';

const UNTIL = '2026-06-30';
const WORKERS = [1, 2, 3];
/** People first: a fact is linked when its person is known. */
const FIRST = ['roster', 'declaration'];

type Run = { workers: number; seconds: number; cpu: number; memory: number; url: string };

export async function measureSyncs(bench: Bench): Promise<Line[]> {
  const officials = bench.sizes.countyOfficials;
  bench.say(`syncs: a county of ${officials} officials, ${WORKERS.join(', ')} workers …`);
  const closing = new Closing();
  try {
    const config = { dataFolder: bench.folder } as Parameters<typeof makeCounty>[0];
    const county = await makeCounty(
      config,
      bench.serverUrl,
      { officials, seed: 1, until: UNTIL },
      () => undefined,
    );
    await openDemoSources(county, bench.serverUrl, closing);
    const runs: Run[] = [];
    for (const workers of WORKERS)
      runs.push(await syncAll(bench, workers, join(county.folder, 'feeds.yml')));
    return await linesOf(runs, officials, county.rows);
  } finally {
    await closing.close();
  }
}

async function syncAll(bench: Bench, workers: number, feedsFile: string): Promise<Run> {
  const url = await newDatabase(bench, `bench_sync_${workers}`);
  const settings = {
    DATABASE_URL: url,
    HUB_DEMO: 'on',
    HUB_DATA: bench.folder,
    HUB_FEEDS: feedsFile,
    HUB_TODAY: UNTIL,
  };
  const started: Started[] = [];
  try {
    for (let i = 0; i < workers; i++)
      started.push(await startProcess('./sync-worker.ts', [], settings));
    const cpuSeconds = async () => {
      const own = await Promise.all(started.map((it) => it.usage()));
      const { user, system } = process.cpuUsage();
      const departments = (user + system) / 1e6;
      return own.reduce((sum, it) => sum + it.cpuSeconds, serverCpuSeconds(server) + departments);
    };
    const server = await postmasterOf(url);
    const [since, before] = [performance.now(), await cpuSeconds()];
    await requestAll(url);
    const took = {
      seconds: (performance.now() - since) / 1000,
      cpu: (await cpuSeconds()) - before,
    };
    const usage = await Promise.all(started.map((it) => it.usage()));
    return { workers, ...took, memory: Math.max(...usage.map((it) => it.memory)), url };
  } finally {
    await Promise.all(started.map((it) => it.stop()));
  }
}

/** Asks for every feed that has a source, as an operator would, and waits for all of them. */
async function requestAll(url: string): Promise<void> {
  const sql = connect(new Secret(url), { role: 'worker', max: 2 });
  const jobs = await openQueue({ databaseUrl: new Secret(url), log: silentLog });
  try {
    const { startSync } = requests({ jobs, sql, clock: systemClock, log: silentLog });
    const feeds = await sql<{ id: string }[]>`select feed_id as id from hub.feed where is_enabled
      order by array_position(${FIRST}::text[], feed_id), feed_id`;
    for (const { id } of feeds) await startSync(id, 'bench');
    for (;;) {
      const [run] = await sql<{ open: number; failed: number }[]>`
        select count(*) filter (where state in ('queued', 'running'))::int as open,
               count(*) filter (where state = 'failed')::int as failed from hub.sync_run`;
      if (run?.failed) throw new Error(`${run.failed} syncs failed`);
      if (run?.open === 0) return;
      await new Promise((done) => setTimeout(done, 100));
    }
  } finally {
    await jobs.close(1000);
    await sql.end({ timeout: 5 });
  }
}

async function linesOf(runs: readonly Run[], officials: number, rows: number): Promise<Line[]> {
  const [one] = runs;
  if (!one) throw new Error('no runs');
  const sizes = await tableSizes(one.url);
  const total = totalOf(sizes);
  return [
    ...runs.map(({ workers, seconds: took }): Line => {
      const ideal = Math.max(one.cpu / CORES, one.seconds / workers);
      return {
        what: `sync ${rows} rows of every feed, ${workers} workers / ideal of ${CORES} cores`,
        hub: seconds(took),
        baseline: seconds(ideal),
        ratio: ratio(ideal / took),
        goal: workers === 3 ? '≥ 0.90' : '',
      };
    }),
    { what: '  memory of a worker', hub: megabytes(Math.max(...runs.map(({ memory }) => memory))) },
    { what: `  disk per official: ${shares(sizes)}`, hub: kilobytes(total / officials) },
    { what: '  disk per delivered row', hub: kilobytes(total / rows) },
  ];
}
