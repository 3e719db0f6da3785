/** A planted case as a family of the county: its people, its rows for every department, its answer. */
import { type CaseFact, type Cast, factsOf, rowsOfCase } from '../../cases/index.ts';
import { needsOwnUnit } from '../complaints.ts';
import type { County } from '../county.ts';
import type { Answer } from '../model.ts';
import { DEFAULT_OPTIONS } from '../options.ts';
import type { Household } from '../outlets/desk.ts';
import { unitOf } from '../units.ts';
import type { CountyBook } from './book.ts';
import { castOf } from './cast.ts';
import type { Plantable } from './deal.ts';
import { shownBy } from './rows.ts';

export type Planted = { index: number; cast: Cast; facts: CaseFact[]; plantable: Plantable };

/** The case where it stands in the county: in the unit of its place, or in one of its own. */
export function plant(
  { kinds }: CountyBook,
  { seed, units }: Pick<County, 'seed' | 'units'>,
  index: number,
  plantable: Plantable,
): Planted {
  const { told } = plantable;
  if (needsOwnUnit(told.given)) {
    const cast = castOf(seed, index);
    return { index, cast, plantable, facts: factsOf(kinds, told, cast) };
  }
  const { code, name } = unitOf(units, index);
  const cast = castOf(seed, index, { code, name });
  // The county's own units are delivered once, for all who work there.
  const given = { ...told.given, without: [...told.given.without, 'unit'] };
  return { index, cast, plantable, facts: factsOf(kinds, { ...told, given }, cast) };
}

export function householdOf(
  { kinds }: CountyBook,
  { index, facts, plantable }: Planted,
): Household {
  const rows = rowsOfCase(kinds, plantable.told, facts, DEFAULT_OPTIONS.until);
  return {
    index,
    officials: 1,
    rows: (department, asOf) => shownBy(department, rows, asOf, kinds),
  };
}

/** The line of the answer sheet: what the case's own rule must say, or keep silent about. */
export function answerTo({ cast, plantable: { told, kind } }: Planted): Answer {
  const { name, zh, subject, severity } = told.given;
  return {
    rule: told.ruleId,
    kind,
    note_zh: zh ?? name,
    note_en: name,
    idNumber: subject === 'unit' ? '' : cast.person('self').idNumber,
    ...(subject === 'unit' ? { unitCode: cast.unit.code } : {}),
    ...(severity ? { severity } : {}),
  };
}
