/**
 * Makes the county family by family and hands each to every department at once, so that nothing but
 * the open files and the answer sheet grows with its size. The same options give the same bytes.
 */
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type County, isSecondOfCouple, makeCounty } from './county.ts';
import type { Desk } from './departments/deliver.ts';
import { openDesks } from './departments/index.ts';
import { unitCells } from './departments/roster.ts';
import { makeFamily } from './family.ts';
import { writeFeedsFile } from './feeds.ts';
import type { Answer, Family } from './model.ts';
import {
  type CountyOptions,
  type CountySummary,
  checkOptions,
  type DeliverySummary,
  type Progress,
} from './options.ts';
import { answersOf } from './planted/case.ts';

const PARTS = ['drop', 'api', 'front-end', 'answers.json', 'summary.json'] as const;
const REPORT_EVERY = 500;

/** Some departments send an old file again under a new name: [feed, extension, its later name]. */
const REPEATED = [
  ['roster', 'roster_2025-06-30.xlsx', 'roster_2026-01-15.xlsx'],
  ['income', 'income_2025-07-31.csv', 'income_2026-01-31_2.csv'],
  ['vehicle', 'vehicle_2025-06-30.csv', 'vehicle_2025-12-31_2.csv'],
] as const;

export async function deliverCounty(
  options: CountyOptions,
  onProgress: Progress = () => undefined,
): Promise<CountySummary> {
  checkOptions(options);
  const { folder, officials, seed, until } = options;
  for (const part of PARTS) rmSync(join(folder, part), { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const county = makeCounty(options);
  const desks = openDesks(seed, folder);
  for (const unit of county.units)
    rosterOf(desks)?.writeFirst({ sheet: 0, cells: unitCells(unit) });
  const answers: Answer[] = unitAnswers(county);
  let families = 0;
  for (let index = 0; index < officials; index += 1) {
    if (index % REPORT_EVERY === 0) onProgress('families', index, officials);
    if (isSecondOfCouple(county, index)) continue;
    const family = makeFamily(county, index);
    answers.push(...familyAnswers(county, family));
    families += 1;
    for (const desk of desks) await desk.take(family);
  }
  onProgress('families', officials, officials);
  const departments: CountySummary['departments'] = {};
  for (const desk of desks) departments[desk.department.feed] = await closeDesk(desk, folder);
  const summary: CountySummary = {
    options: { officials, seed, until },
    officials,
    families,
    units: county.units.length,
    departments,
    planted: countAnswers(answers),
  };
  writeFileSync(join(folder, 'answers.json'), `${JSON.stringify(answers, null, 1)}\n`);
  writeFileSync(join(folder, 'summary.json'), `${JSON.stringify(summary, null, 1)}\n`);
  writeFeedsFile(folder, {});
  return summary;
}

const rosterOf = (desks: readonly Desk[]): Desk | undefined =>
  desks.find(({ department }) => department.feed === 'roster');

function familyAnswers(county: County, family: Family): Answer[] {
  const card = county.deal.cardAt(family.index);
  return card ? answersOf(card, family.officials) : [];
}

const unitAnswers = (county: County): Answer[] =>
  county.units.flatMap((unit) => {
    const kind = county.deal.unitCaseAt(unit.ordinal);
    if (!kind) return [];
    const isTrue = kind === 'true';
    return [
      {
        rule: 'C03',
        kind,
        note_zh: isTrue ? '单位信访率明显高于其他单位' : '单位信访率偏高但不异常',
        note_en: isTrue ? 'unit complained about far more than others' : 'often, but not unusually',
        idNumber: '',
        unitCode: unit.code,
        ...(isTrue ? { severity: 'yellow' as const } : {}),
      },
    ];
  });

async function closeDesk(desk: Desk, folder: string) {
  const deliveries: DeliverySummary[] = await desk.close();
  for (const [feed, earlier, later] of REPEATED) {
    const original = deliveries.find(({ file }) => file === `drop/${feed}/${earlier}`);
    if (!original) continue;
    const file = `drop/${feed}/${later}`;
    copyFileSync(join(folder, original.file), join(folder, file));
    const [, asOf = '', sequence = '1'] = /_(\d{4}-\d\d-\d\d)(?:_(\d+))?\./.exec(later) ?? [];
    deliveries.push({
      ...original,
      file,
      asOf,
      sequence: Number(sequence),
      repeats: original.file,
    });
  }
  const own = deliveries.filter(({ repeats }) => repeats === undefined);
  return {
    rows: own.reduce((sum, { rows }) => sum + rows, 0),
    brokenRows: own.reduce((sum, { brokenRows }) => sum + brokenRows, 0),
    deliveries,
  };
}

function countAnswers(answers: readonly Answer[]): CountySummary['planted'] {
  const planted: CountySummary['planted'] = {};
  for (const { rule, kind } of answers) {
    const counts = planted[rule] ?? { true: 0, 'near-miss': 0 };
    counts[kind] += 1;
    planted[rule] = counts;
  }
  return planted;
}
