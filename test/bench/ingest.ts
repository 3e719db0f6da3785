/**
 * One feed of a million rows, file to graph, against a raw COPY of the same typed rows into the
 * same indexed table; then the same rows a month later, with one amount changed. Runs in a process of its own, so that the memory it reports is the hub's;
 * `income-delivery.ts` has made the file and the people before.
 *
 *   node test/bench/ingest.ts <database url> <file>
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { loadConnectors } from '../../connectors/kit/index.ts';
import { systemClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { Secret } from '../../src/base/secret.ts';
import { registerFeeds, syncFeed } from '../../src/pipeline/index.ts';
import { connect, type Sql } from '../../src/platform/database.ts';
import type { Feed } from '../../src/transports/delivery.ts';
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

/** Digit of the amounts of the delivery that is changed in one row. */
const AMOUNT_END = '.50,60000,';

/** The rows of a file as delivered a month later: one of them, in the middle, says another amount. */
async function aMonthLater(file: string): Promise<string> {
  const bytes = await readFile(file);
  const at = bytes.indexOf(AMOUNT_END, Math.floor(bytes.length / 2)) - 1;
  bytes[at] = bytes[at] === 0x31 ? 0x32 : 0x31;
  const later = join(dirname(file), 'income_2026-07-31.csv');
  await writeFile(later, bytes);
  return later;
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
async function sync(path: string): Promise<number> {
  const started = performance.now();
  const deliveries = deliveriesFrom(connector as Feed, path, { charset: 'gb18030' });
  const { state } = await syncFeed(context, 'income', deliveries, 'bench');
  if (state !== 'done') throw new Error(`the sync ended as ${state}`);
  return (performance.now() - started) / 1000;
}

const hubSeconds = await sync(file);
const memory = process.resourceUsage().maxRSS / 1024;
const [linked] = await owner`select count(*)::int as n from hub.income`;
const copySeconds = await rawCopy(owner, `${file}.copy`);
const [size] = await owner`select sum(pg_total_relation_size(oid))::float8 as bytes from pg_class
  where relnamespace in ('hub'::regnamespace, 'parts'::regnamespace) and relkind = 'r'`;
const againSeconds = await sync(await aMonthLater(file));
const [facts] = await owner`select count(*)::int as n from hub.income`;
if (facts?.n !== linked?.n + 1) throw new Error('one amount changed, and another number of facts');
const figures = {
  linked: linked?.n,
  hubSeconds,
  copySeconds,
  againSeconds,
  bytes: size?.bytes,
  memoryMb: Math.round(memory),
};
process.stdout.write(`${JSON.stringify(figures)}\n`);
await Promise.all([worker.end(), owner.end()]);
