/** Who counts as one household: what the declaration states and what wealth is compared for. */
import type { Family, Person } from './model.ts';

/** Official, spouse and co-living children on 31 December of a year. */
export const householdOf = (family: Family, year: number): Person[] => [
  ...family.officials.slice(0, 1).map(({ person }) => person),
  ...family.relatives.filter((relative) => relative.isCoLiving(year)).map(({ person }) => person),
];
