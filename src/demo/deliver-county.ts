/**
 * Makes the county family by family and hands each to every department at once, so that nothing but
 * the open files and the answer sheet grows with its size. The same options give the same bytes.
 */
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { needsOwnUnit } from './complaints.ts';
import { type County, isSecondOfCouple, makeCounty } from './county.ts';
import { makeFamily } from './family.ts';
import { writeFeedsFile } from './feeds.ts';
import type { Answer } from './model.ts';
import {
  type CountyOptions,
  type CountySummary,
  checkOptions,
  type DeliverySummary,
  type Progress,
} from './options.ts';
import { Desk, type Household } from './outlets/desk.ts';
import { type CountyBook, countyBook } from './planted/book.ts';
import { answerTo, householdOf, plant } from './planted/household.ts';

const PARTS = ['drop', 'api', 'front-end', 'answers.json', 'summary.json'] as const;
const REPORT_EVERY = 500;

export async function deliverCounty(
  options: CountyOptions,
  onProgress: Progress = () => undefined,
  book?: CountyBook,
): Promise<CountySummary> {
  checkOptions(options);
  const { folder, officials, seed, until } = options;
  const given = book ?? (await countyBook());
  for (const part of PARTS) rmSync(join(folder, part), { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const county = makeCounty(options, given.cases);
  const desks = given.departments.map((department) => new Desk(seed, folder, department));
  for (const desk of desks) desk.writeFirst(desk.department.firstRows?.(county) ?? []);
  const answers: Answer[] = [];
  let families = 0;
  for (let index = 0; index < officials; index += 1) {
    if (index % REPORT_EVERY === 0) onProgress('families', index, officials);
    if (isSecondOfCouple(county, index)) continue;
    const household = planted(county, given, index, answers) ?? ordinary(county, index);
    families += 1;
    for (const desk of desks) await desk.take(household);
  }
  onProgress('families', officials, officials);
  const departments: CountySummary['departments'] = {};
  for (const desk of desks) departments[desk.department.feed] = await closeDesk(desk, folder);
  const summary: CountySummary = {
    options: { officials, seed, until },
    officials,
    families,
    units: county.units.length + ownUnits(county),
    departments,
    silent: Object.keys(departments).filter((feed) => departments[feed]?.rows === 0),
    planted: countAnswers(answers),
  };
  writeFileSync(join(folder, 'answers.json'), `${JSON.stringify(answers, null, 1)}\n`);
  writeFileSync(join(folder, 'summary.json'), `${JSON.stringify(summary, null, 1)}\n`);
  writeFeedsFile(folder, given.departments, {});
  return summary;
}

/** Units beside those of the county: of planted officials who need one. */
const ownUnits = ({ deal }: County): number =>
  [...deal.values()].filter(({ told }) => needsOwnUnit(told.given)).length;

/** The household of a planted case, whose answer is noted; undefined where none stands. */
function planted(
  county: County,
  book: CountyBook,
  index: number,
  answers: Answer[],
): Household | undefined {
  const plantable = county.deal.get(index);
  if (!plantable) return undefined;
  const made = plant(book, county, index, plantable);
  answers.push(answerTo(made));
  return householdOf(book, made);
}

function ordinary(county: County, index: number): Household {
  const family = makeFamily(county, index);
  return {
    index,
    officials: family.officials.length,
    rows: (department, asOf) => department.rows(family, asOf),
  };
}

async function closeDesk(desk: Desk, folder: string) {
  const deliveries: DeliverySummary[] = await desk.close();
  const { feed, sentAgain = [] } = desk.department;
  for (const [earlier, later] of sentAgain) {
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
