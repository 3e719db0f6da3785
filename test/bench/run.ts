/**
 * npm run bench: what the hub does against a baseline measured in the same run, on the same embedded
 * PostgreSQL with its ordinary, durable settings. About twenty minutes; `--short` about three.
 *
 *   npm run bench -- [--short] [--only ingest,syncs,nights,reads,finds]
 *                    [--officials 100000] [--rows 1000000] [--county 5000] [--rules 108] [--persons 1000000]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { clusterFolder, startEmbeddedPostgres } from '../../src/platform/embedded-postgres.ts';
import { type Bench, newDatabase, type Sizes } from './bench.ts';
import { measureFinds } from './finds.ts';
import { CORES } from './machine.ts';
import { measureIngest, measureNights } from './pipeline-parts.ts';
import { measureReads } from './reads.ts';
import { measureSyncs } from './syncs.ts';
import { type Line, tableOf } from './table.ts';

const FULL: Sizes = {
  rows: 1_000_000,
  officials: 100_000,
  countyOfficials: 5_000,
  persons: 1_000_000,
  rules: 0,
  rounds: 5,
  roundSeconds: 3,
};
const SHORT: Sizes = {
  rows: 100_000,
  officials: 5_000,
  countyOfficials: 500,
  persons: 50_000,
  rules: 0,
  rounds: 3,
  roundSeconds: 1,
};
const PARTS = 'ingest,syncs,nights,reads,finds';

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    only: { type: 'string', default: PARTS },
    officials: { type: 'string' },
    rows: { type: 'string' },
    county: { type: 'string' },
    rules: { type: 'string' },
    persons: { type: 'string' },
  },
});
const wanted = new Set(values.only.split(','));
const unknown = [...wanted].filter((part) => !PARTS.split(',').includes(part));
if (unknown.length > 0) throw new Error(`no part ${unknown.join(', ')}; there are ${PARTS}`);
const sizes = values.short ? SHORT : FULL;
const say = (text: string) => void process.stdout.write(`${text}\n`);

const folder = mkdtempSync(join(tmpdir(), 'hub-bench-'));
const server = await startEmbeddedPostgres({ folder });
const bench: Bench = {
  serverUrl: server.url,
  folder,
  sizes: {
    ...sizes,
    officials: Number(values.officials ?? sizes.officials),
    rows: Number(values.rows ?? sizes.rows),
    countyOfficials: Number(values.county ?? sizes.countyOfficials),
    rules: Number(values.rules ?? sizes.rules),
    persons: Number(values.persons ?? sizes.persons),
  },
  say,
};
const lines: Line[] = [];
const started = performance.now();
try {
  if (wanted.has('ingest')) lines.push(...(await measureIngest(bench)));
  if (wanted.has('syncs')) lines.push(...(await measureSyncs(bench)));
  if (wanted.has('finds')) lines.push(...(await measureFinds(bench)));
  if (wanted.has('nights') || wanted.has('reads')) {
    // The profiles that are read carry the warnings that the nights have raised.
    const url = await newDatabase(bench, 'bench_county');
    lines.push(...(await measureNights(bench, url)));
    if (wanted.has('reads')) lines.push(...(await measureReads(bench, url)));
  }
} finally {
  if (lines.length > 0) say(tableOf(lines));
  say(`${CORES} cores, ${((performance.now() - started) / 60_000).toFixed(1)} minutes`);
  await server.stop();
  rmSync(clusterFolder(folder), { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
}
