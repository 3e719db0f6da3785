/** What every family needs to know of the county: options, units, complaints, who carries a case. */
import { type ComplaintPlan, planComplaints } from './complaints.ts';
import type { CountyOptions } from './options.ts';
import { type Deal, dealCases, type Plantable } from './planted/deal.ts';
import { makeUnits, type Unit } from './units.ts';

export type County = {
  seed: number;
  officials: number;
  until: string;
  units: readonly Unit[];
  deal: Deal;
  complaintsOf(unit: Unit): ComplaintPlan;
};

export function makeCounty(
  options: Omit<CountyOptions, 'folder'>,
  cases: readonly Plantable[],
): County {
  const { seed, officials, until } = options;
  const units = makeUnits(seed, officials);
  const deal = dealCases(cases, officials, units);
  let last: { unit: Unit; plan: ComplaintPlan } | undefined;
  return {
    seed,
    officials,
    until,
    units,
    deal,
    // Families come in the order of their units, so remembering one plan is enough.
    complaintsOf(unit) {
      if (last?.unit !== unit) last = { unit, plan: planComplaints(seed, unit, deal) };
      return last.plan;
    },
  };
}

/** Every thirty-seventh family has two officials, unless a planted case stands there. */
export function isCouple({ deal, officials }: County, official: number): boolean {
  if (official < 0 || official + 1 >= officials || official % 37 !== 5) return false;
  return !deal.has(official) && !deal.has(official + 1);
}

/** The second official of a couple has no family of his or her own. */
export const isSecondOfCouple = (county: County, official: number): boolean =>
  isCouple(county, official - 1);
