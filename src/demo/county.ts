/** What every family needs to know of the county: options, units, complaints, who carries a case. */
import { type ComplaintPlan, planComplaints } from './complaints.ts';
import type { CountyOptions } from './options.ts';
import { type Deal, dealCards } from './planted/deck.ts';
import { makeUnits, type Unit } from './units.ts';

export type County = {
  seed: number;
  officials: number;
  until: string;
  units: readonly Unit[];
  deal: Deal;
  complaintsOf(unit: Unit): ComplaintPlan;
};

export function makeCounty(options: Omit<CountyOptions, 'folder'>): County {
  const { seed, officials, until } = options;
  const units = makeUnits(seed, officials);
  const deal = dealCards(officials, units);
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
export function isCouple(county: County, official: number): boolean {
  const { deal, officials } = county;
  if (official < 0 || official + 1 >= officials) return false;
  const card = deal.cardAt(official);
  if (card) return card.isCouple === true;
  return (
    official % 37 === 5 &&
    deal.cardAt(official + 1) === undefined &&
    !coupleBefore(county, official)
  );
}

const coupleBefore = (county: County, official: number): boolean =>
  county.deal.cardAt(official - 1)?.isCouple === true;

/** The second official of a couple has no family of his or her own. */
export const isSecondOfCouple = (county: County, official: number): boolean =>
  isCouple(county, official - 1);
