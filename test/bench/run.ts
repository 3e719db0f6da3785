/**
 * npm run bench: three ratios, each against a baseline measured in the same run on the same
 * embedded PostgreSQL with its ordinary, durable settings. Takes about a quarter of an hour.
 *
 *   npm run bench -- [--only reads,ingest,nights] [--officials 100000] [--rows 1000000]
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import postgres from 'postgres';
import { Secret } from '../../src/base/secret.ts';
import { clusterFolder, startEmbeddedPostgres } from '../../src/platform/embedded-postgres.ts';
import { migrate } from '../../src/platform/migrate.ts';
import { measureReads } from './reads.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'ingest,nights,reads' },
    officials: { type: 'string', default: '100000' },
    rows: { type: 'string', default: '1000000' },
  },
});
const wanted = new Set(values.only.split(','));
const officials = Number(values.officials);

type Line = [what: string, hub: string, baseline: string, ratio: string, goal: string];
const lines: Line[] = [];
const say = (text: string) => process.stdout.write(`${text}\n`);
const seconds = (value: number) => `${value.toFixed(1)} s`;
const perSecond = (value: number) => `${Math.round(value)} /s`;
const ratio = (value: number) => value.toFixed(2);

const folder = mkdtempSync(join(tmpdir(), 'hub-bench-'));
const server = await startEmbeddedPostgres({ folder });

async function database(name: string): Promise<string> {
  const admin = postgres(server.url.reveal(), { max: 1, onnotice: () => undefined });
  await admin.unsafe(`create database ${name}`);
  await admin.end();
  const url = new URL(server.url.reveal());
  url.pathname = `/${name}`;
  await migrate(new Secret(url.href));
  return url.href;
}

/** Runs a part in a process of its own; it prints its figures as one line of JSON. */
async function part<T>(script: string, args: readonly string[]): Promise<T> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [path, ...args], {
    maxBuffer: 1e7,
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as T;
}

type IngestFigures = {
  linked: number;
  hubSeconds: number;
  copySeconds: number;
  memoryMb: number;
};

async function ingest() {
  say(`ingest: ${values.rows} rows of the income feed, file to graph …`);
  const url = await database('bench_ingest');
  const file = join(folder, 'income_2026-06-30.csv');
  await part('./income-delivery.ts', [url, values.rows, file]);
  const it = await part<IngestFigures>('./ingest.ts', [url, file]);
  const rows = Number(values.rows);
  const { hubSeconds, copySeconds } = it;
  lines.push([
    `ingest ${rows} rows, file to graph / raw COPY into the indexed table`,
    seconds(hubSeconds),
    seconds(copySeconds),
    ratio(copySeconds / hubSeconds),
    '≥ 0.25',
  ]);
  lines.push(['  memory of the process', `${it.memoryMb} MB`, '', '', '< 512 MB']);
  if (it.linked !== rows) throw new Error(`${it.linked} of ${rows} rows were linked`);
}

type NightFigures = {
  bareSeconds: number;
  fullSeconds: number;
  deltaSeconds: number;
  rules: string[];
};

async function nights(url: string) {
  say(`nights: ${officials} officials …`);
  const it = await part<NightFigures>('./nights.ts', [url, String(officials)]);
  const { fullSeconds, deltaSeconds, bareSeconds } = it;
  for (const rule of it.rules) say(`  ${rule}`);
  lines.push([
    'full night / bare SQL of the same rules',
    seconds(fullSeconds),
    seconds(bareSeconds),
    ratio(bareSeconds / fullSeconds),
    '',
  ]);
  lines.push([
    'night with 1 % changed / full night',
    seconds(deltaSeconds),
    seconds(fullSeconds),
    ratio(deltaSeconds / fullSeconds),
    '≤ 0.10',
  ]);
}

async function reads(url: string) {
  say('reads: 32 connections, row policies on …');
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  await sql.unsafe('vacuum analyze');
  await sql.end();
  for (const it of await measureReads(url, folder, officials)) {
    const goal = it.question === 'profile' ? '≥ 0.60' : '≥ 0.80';
    const failed = it.hub.failed + it.bare.failed;
    if (failed > 0) throw new Error(`${failed} requests failed`);
    lines.push([
      `${it.question} / hand-written SQL behind a bare server, policies on`,
      perSecond(it.hub.perSecond),
      perSecond(it.bare.perSecond),
      ratio(it.ratio),
      goal,
    ]);
    lines.push([
      '  the same SQL without policies',
      '',
      perSecond(it.bareWithoutPolicies.perSecond),
      ratio(it.ratioWithoutPolicies),
      '',
    ]);
  }
}

function printTable() {
  const all: Line[] = [['what', 'hub', 'baseline', 'ratio', 'goal'], ...lines];
  const widths = [0, 1, 2, 3, 4].map((i) => Math.max(...all.map((line) => (line[i] ?? '').length)));
  for (const line of all) say(line.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  '));
}

try {
  if (wanted.has('ingest')) await ingest();
  if (wanted.has('nights') || wanted.has('reads')) {
    const url = await database('bench_county');
    await nights(url);
    if (wanted.has('reads')) await reads(url);
  }
  printTable();
} finally {
  await server.stop();
  rmSync(clusterFolder(folder), { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
}
