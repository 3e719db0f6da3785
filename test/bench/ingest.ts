/**
 * One feed of a million rows, file to graph, against a raw COPY of the same typed rows into the
 * same indexed table. Runs in a process of its own, so that the memory it reports is the hub's;
 * `income-delivery.ts` has made the file and the people before.
 *
 *   node test/bench/ingest.ts <database url> <file>
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { loadConnectors } from '../../connectors/kit/index.ts';
import { systemClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { Secret } from '../../src/base/secret.ts';
import { registerFeeds, syncFeed } from '../../src/pipeline/index.ts';
import { connect, type Sql } from '../../src/platform/database.ts';
import { deliveriesFrom } from '../../src/transports/index.ts';

/** The same rows, typed, into a table with the same key and columns. */
async function rawCopy(sql: Sql, file: string): Promise<number> {
  await sql`create table staging.bench_income (like hub.income including all)`;
  const out = await sql`copy (select * from hub.income order by ordinal) to stdout`.readable();
  await pipeline(out, createWriteStream(file));
  const started = performance.now();
  await pipeline(
    createReadStream(file),
    await sql`copy staging.bench_income from stdin`.writable(),
  );
  return (performance.now() - started) / 1000;
}

const [url, file] = process.argv.slice(2);
if (!url || !file) throw new Error('usage: ingest.ts <database url> <file>');
const worker = connect(new Secret(url), { role: 'worker', max: 6 });
const owner = connect(new Secret(url), { role: 'owner', max: 1 });
const connectors = await loadConnectors();
await registerFeeds(worker, connectors);
const connector = connectors.get('income');
if (!connector) throw new Error('no income feed');
const context = {
  sql: worker,
  identityKey: new Secret('bench'),
  clock: systemClock,
  log: silentLog,
  connectors,
};
const started = performance.now();
await syncFeed(context, 'income', deliveriesFrom(connector, file, { charset: 'gb18030' }), 'bench');
const hubSeconds = (performance.now() - started) / 1000;
const memory = process.resourceUsage().maxRSS / 1024;
const [linked] = await owner`select count(*)::int as n from hub.income`;
const copySeconds = await rawCopy(owner, `${file}.copy`);
process.stdout.write(
  `${JSON.stringify({ linked: linked?.n, hubSeconds, copySeconds, memoryMb: Math.round(memory) })}\n`,
);
await Promise.all([worker.end(), owner.end()]);
