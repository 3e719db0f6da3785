/**
 * Complaints of base life. Units are complained about at three ordinary rates, so that the median
 * and its spread are known, and nobody is complained about twice. Complaints planted on a person
 * count into the unit's quota: a planted person must not make the unit look unusual.
 */
import { addDays } from './calendar.ts';
import type { Petition } from './model.ts';
import type { Deal } from './planted/deck.ts';
import { Random } from './random.ts';
import type { Unit } from './units.ts';

/** Official → complaints. */
export type ComplaintPlan = ReadonlyMap<number, Petition[]>;

/** Complaints per official in the last twelve months. */
const ORDINARY_RATES = [0.04, 0.09, 0.14] as const;
export const UNUSUAL_RATE = 0.5;
export const HIGH_BUT_ORDINARY_RATE = 0.2;

const YEARS = ['2025-07-01', '2024-07-01', '2023-07-01'] as const;
const CATEGORIES = ['房产', '经商办企业', '选人用人', '作风', '资金', '其他'] as [
  string,
  ...string[],
];

const rateOf = (unit: Unit, deal: Deal): number => {
  const planted = deal.unitCaseAt(unit.ordinal);
  if (planted === 'true') return UNUSUAL_RATE;
  if (planted === 'near-miss') return HIGH_BUT_ORDINARY_RATE;
  return ORDINARY_RATES[unit.ordinal % 3] ?? 0.09;
};

export function planComplaints(seed: number, unit: Unit, deal: Deal): ComplaintPlan {
  const random = new Random(seed, 'complaints', unit.ordinal);
  const members = Array.from({ length: unit.size }, (_, i) => unit.from + i);
  const planted = members.reduce((n, i) => n + (deal.cardAt(i)?.complaints ?? 0), 0);
  const free = members.filter((i) => !deal.cardAt(i) && !deal.cardAt(i - 1)?.isCouple);
  for (let i = free.length - 1; i > 0; i -= 1) {
    const j = random.int(0, i);
    [free[i], free[j]] = [free[j] ?? 0, free[i] ?? 0];
  }
  const plan = new Map<number, Petition[]>();
  YEARS.forEach((from, year) => {
    const wanted = Math.round(unit.size * (year === 0 ? rateOf(unit, deal) : 0.05));
    const count = year === 0 ? Math.max(0, wanted - planted) : wanted;
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
