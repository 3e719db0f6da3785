/** Incomes 2022–2025 of everyone in the family who earns, by year, item and payer. */
import { ageOn, dateOf } from './calendar.ts';
import type { Family, Income, Official, Person } from './model.ts';
import type { Random } from './random.ts';
import { employer } from './units.ts';

export const INCOME_YEARS = [2022, 2023, 2024, 2025] as const;

const WAGES: Record<string, readonly [number, number]> = {
  '131': [190_000, 225_000],
  '132': [175_000, 205_000],
  '141': [140_000, 175_000],
  '142': [120_000, 145_000],
  '150': [98_000, 125_000],
};

/** About what a wage earner pays; only the difference gross − tax matters to a rule. */
const taxOn = (gross: number): number => Math.round(Math.max(0, gross - 72_000) * 0.05);

type Job = { person: Person; payerName: string; payerCode: string; base: number; growth: number };

const wages = (job: Job, from = 2022): Income[] =>
  INCOME_YEARS.filter((year) => year >= from).map((year) => {
    const gross = Math.round((job.base * (1 + job.growth * (year - 2022))) / 100) * 100;
    const { person, payerName, payerCode } = job;
    return { person, year, item: '工资薪金', payerName, payerCode, gross, tax: taxOn(gross) };
  });

export function earn(family: Family, random: Random): void {
  const growth = random.int(0, 3) / 100;
  const isOfficial = new Set(family.officials.map(({ person }) => person));
  for (const official of family.officials)
    family.incomes.push(...officialWages(official, random, growth));
  for (const relative of family.relatives) {
    if (isOfficial.has(relative.person)) continue;
    const { name: payerName, code: payerCode } = employer(random.int(0, 7));
    const { person } = relative;
    if (relative.relation === '配偶') {
      if (random.chance(0.1)) continue;
      const base = random.int(62, 140) * 1000;
      family.incomes.push(...wages({ person, payerName, payerCode, base, growth }));
    } else if (!relative.isCoLiving(2025) && ageOn(person.bornOn, dateOf(2025, 12, 31)) >= 22) {
      const base = random.int(50, 90) * 1000;
      family.incomes.push(
        ...wages({ person, payerName, payerCode, base, growth }, firstJobYear(relative)),
      );
    }
  }
  sideIncomes(family, random);
}

const firstJobYear = (relative: { isCoLiving(year: number): boolean }): number =>
  INCOME_YEARS.find((year) => !relative.isCoLiving(year)) ?? 2026;

function officialWages(official: Official, random: Random, growth: number): Income[] {
  const [low, high] = WAGES[official.level] ?? [100_000, 120_000];
  const base = random.int(low / 1000, high / 1000) * 1000;
  const { person, unit } = official;
  return wages({ person, payerName: unit.name, payerCode: unit.code, base, growth });
}

/** Small fees, interest and rent of the head of the family. */
function sideIncomes(family: Family, random: Random): void {
  const [official] = family.officials;
  if (!official) return;
  for (const [item, probability, most] of [
    ['劳务报酬', 0.2, 8],
    ['稿酬', 0.05, 5],
    ['利息股息红利', 0.3, 6],
    ['财产租赁', 0.08, 20],
  ] as const) {
    if (!random.chance(probability)) continue;
    const { name: payerName, code: payerCode } = employer(random.int(0, 7));
    for (const year of INCOME_YEARS) {
      if (random.chance(0.3)) continue;
      const gross = random.int(4, most * 5) * 200;
      const tax = Math.round(gross * 0.05);
      family.incomes.push({
        person: official.person,
        year,
        item,
        payerName,
        payerCode,
        gross,
        tax,
      });
    }
  }
}

/** Income after tax of one year of these people: what the rules call lawful income from the tax feed. */
export const netIncome = (family: Family, persons: readonly Person[], year: number): number =>
  family.incomes
    .filter((income) => income.year === year && persons.includes(income.person))
    .reduce((sum, { gross, tax }) => sum + gross - tax, 0);
