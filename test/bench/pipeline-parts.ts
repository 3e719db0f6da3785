/** Ingest and nights, each in processes of their own, so that the memory they report is theirs. */
import { join } from 'node:path';
import { type Bench, figuresOf, newDatabase } from './bench.ts';
import { shares, tableSizes, totalOf } from './disk.ts';
import { kilobytes, type Line, perSecond, ratio, seconds } from './table.ts';

type IngestFigures = {
  linked: number;
  hubSeconds: number;
  copySeconds: number;
  /** The same rows a month later. */
  againSeconds: number;
  /** On disk after the first delivery. */
  bytes: number;
  memoryMb: number;
};

export async function measureIngest(bench: Bench): Promise<Line[]> {
  const { rows } = bench.sizes;
  bench.say(`ingest: ${rows} rows of the income feed, file to graph …`);
  const url = await newDatabase(bench, 'bench_ingest');
  const file = join(bench.folder, 'income_2026-06-30.csv');
  await figuresOf('./income-delivery.ts', [url, String(rows), file]);
  const before = totalOf(await tableSizes(url));
  const it = await figuresOf<IngestFigures>('./ingest.ts', [url, file]);
  if (it.linked !== rows) throw new Error(`${it.linked} of ${rows} rows were linked`);
  const sizes = await tableSizes(url);
  return [
    {
      what: `ingest ${rows} rows, file to graph / raw COPY into the table with its key`,
      hub: seconds(it.hubSeconds),
      baseline: seconds(it.copySeconds),
      ratio: ratio(it.copySeconds / it.hubSeconds),
      goal: '≥ 0.40',
    },
    { what: '  memory of the process', hub: `${it.memoryMb} MB`, goal: '< 512 MB' },
    {
      what: `  disk per delivered row: ${shares(sizes)}`,
      hub: kilobytes((it.bytes - before) / rows),
    },
    {
      what: '  the same rows a month later, one amount changed',
      hub: perSecond(rows / it.againSeconds),
      goal: '≥ 300000 /s',
    },
  ];
}

type NightFigures = {
  bareSeconds: number;
  /** With one worker, with two, with three. */
  fullSeconds: number[];
  deltaSeconds: number;
  ownRules: number;
  manyRules: number;
  /** The first night of so many rules, then one with one worker and one with two; empty when not asked for. */
  manyRuledSeconds: number[];
  memoryMb: number;
  rules: string[];
};

function manyRuledLines({ ownRules, manyRules, manyRuledSeconds, fullSeconds }: NightFigures) {
  const [alone = Number.NaN] = fullSeconds;
  const [, one, two] = manyRuledSeconds;
  if (one === undefined || two === undefined) return [];
  return [
    {
      what: `full night, ${manyRules} rules / ${ownRules} rules, 1 worker`,
      hub: seconds(one),
      baseline: seconds(alone),
      ratio: ratio(one / alone),
    },
    {
      what: `full night, ${manyRules} rules, 1 worker / 2 workers`,
      hub: seconds(two),
      baseline: seconds(one),
      ratio: ratio(one / two),
    },
  ];
}

/** Fills the database at `url` with a county and runs its nights. */
export async function measureNights(bench: Bench, url: string): Promise<Line[]> {
  const { officials, rules } = bench.sizes;
  bench.say(`nights: ${officials} officials …`);
  const it = await figuresOf<NightFigures>('./nights.ts', [url, String(officials), String(rules)]);
  for (const rule of it.rules) bench.say(`  ${rule}`);
  const [alone = Number.NaN, ...together] = it.fullSeconds;
  return [
    {
      what: 'full night, 1 worker / bare SQL of the same rules',
      hub: seconds(alone),
      baseline: seconds(it.bareSeconds),
      ratio: ratio(alone / it.bareSeconds),
      goal: '≤ 1.00',
    },
    ...together.map((took, i) => ({
      what: `full night, 1 worker / ${i + 2} workers`,
      hub: seconds(took),
      baseline: seconds(alone),
      ratio: ratio(alone / took),
      goal: i === 0 ? '≥ 1.60' : '',
    })),
    {
      what: 'night with 1 % changed / full night, 1 worker',
      hub: seconds(it.deltaSeconds),
      baseline: seconds(alone),
      ratio: ratio(it.deltaSeconds / alone),
      goal: '≤ 0.10',
    },
    ...manyRuledLines(it),
    { what: '  memory of the process', hub: `${it.memoryMb} MB` },
  ];
}
