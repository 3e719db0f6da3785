/**
 * Complaints of base life. Units are complained about at three ordinary rates, so that the median
 * and its spread are known, and nobody is complained about twice. Cases that speak of
 * complaints stand in units of their own, so that they make no unit of the county look unusual.
 */
import type { RuleCase } from '../rules/kit/cases.ts';
import { addDays } from './calendar.ts';
import type { Petition } from './model.ts';
import type { Deal } from './planted/deal.ts';
import { Random } from './random.ts';
import type { Unit } from './units.ts';

/** True for a case that would change how often a unit is complained about, or what a unit is. */
export const needsOwnUnit = ({ subject, facts }: RuleCase): boolean =>
  subject === 'unit' || facts.some((fact) => 'petition' in fact || 'unit' in fact);

/** Official → complaints. */
export type ComplaintPlan = ReadonlyMap<number, Petition[]>;

/** Complaints per official in the last twelve months. */
const ORDINARY_RATES = [0.04, 0.09, 0.14] as const;
const YEARS = ['2025-07-01', '2024-07-01', '2023-07-01'] as const;
const CATEGORIES = ['房产', '经商办企业', '选人用人', '作风', '资金', '其他'] as [
  string,
  ...string[],
];

export function planComplaints(seed: number, unit: Unit, deal: Deal): ComplaintPlan {
  const random = new Random(seed, 'complaints', unit.ordinal);
  const members = Array.from({ length: unit.size }, (_, i) => unit.from + i);
  const free = members.filter((i) => !deal.has(i));
  const rate = ORDINARY_RATES[unit.ordinal % ORDINARY_RATES.length] ?? 0;
  for (let i = free.length - 1; i > 0; i -= 1) {
    const j = random.int(0, i);
    [free[i], free[j]] = [free[j] ?? 0, free[i] ?? 0];
  }
  const plan = new Map<number, Petition[]>();
  YEARS.forEach((from, year) => {
    const count = Math.round(unit.size * (year === 0 ? rate : 0.05));
    for (let n = 0; n < count; n += 1) {
      const official = free.pop();
      if (official === undefined) return;
      const caseNo = `临信〔${from.slice(0, 4)}〕${unit.ordinal}-${official}`;
      const receivedOn = addDays(from, random.int(10, 350));
      plan.set(official, [{ caseNo, receivedOn, category: random.pick(CATEGORIES) }]);
    }
  });
  return plan;
}
