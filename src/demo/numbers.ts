/**
 * Identifiers that are well formed and belong to nobody: the county 999901 does not exist, document
 * series and plate letters are not in use. Each is a one-to-one function of (family, slot), so that
 * no two are equal and none has to be remembered.
 */
import { residentIdWithCheckDigit } from '../../connectors/kit/values/resident-id.ts';
import { usccWithCheckDigit } from '../../connectors/kit/values/uscc.ts';
import { vinWithCheckDigit } from '../../connectors/kit/values/vin.ts';
import { dayOfYear } from './calendar.ts';

export const AREA = '999901';

/** Smallest prime above the greatest number of officials: multiplying modulo it is one-to-one. */
const PRIME = 100_003;
/** Sequence numbers below are for officials and spouses, the rest for children and their spouses. */
const ADULT_SEQUENCES = 274;

export type Sex = 'male' | 'female';

const residentId = (year: number, cell: number, sequenceFrom: number, sex: Sex): string => {
  const date = dayOfYear(year, cell % 365);
  const sequence = (sequenceFrom + Math.floor(cell / 365)) * 2 + (sex === 'male' ? 1 : 0);
  const digits = `${AREA}${date.replaceAll('-', '')}${String(sequence).padStart(3, '0')}`;
  return residentIdWithCheckDigit(digits);
};

/** The official and the spouse of one family have opposite sex, so one cell serves both. */
export const adultId = (family: number, year: number, sex: Sex): string =>
  residentId(year, (family * 7919 + 4321) % PRIME, 0, sex);

/** Children's slots 0–2; the birth year is moved by up to three years to the slot's residue class. */
export const offspringYear = (family: number, slot: number, wanted: number): number =>
  wanted - ((((wanted - (family * 3 + slot)) % 4) + 4) % 4);

export const offspringId = (family: number, slot: number, year: number, sex: Sex): string =>
  residentId(year, Math.floor((family * 3 + slot) / 4), ADULT_SEQUENCES, sex);

const digits = (value: number, width: number): string => String(value).padStart(width, '0');

const ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2];

/** Code of a unit (11 organs, 12 institutions, 91 enterprises) with both check characters. */
export function unitCode(leading: '11' | '12' | '91', ordinal: number): string {
  const eight = digits(ordinal + 10_000_000, 8);
  const sum = ORGANISATION_WEIGHTS.reduce((s, w, i) => s + w * Number(eight[i]), 0);
  const check = (11 - (sum % 11)) % 11;
  return usccWithCheckDigit(`${leading}${AREA}${eight}${check === 10 ? 'X' : check}`);
}

/** Series with the letter I, which real documents do not use. */
const SERIES = {
  passport: 'EI',
  'hk-macau-permit': 'CI',
  'taiwan-permit': 'LI',
  'official-passport': 'PI',
} as const;
export type DocumentKind = keyof typeof SERIES;

/** `slot` 0–63 within the family. */
export const documentNo = (kind: DocumentKind, family: number, slot: number): string =>
  `${SERIES[kind]}${digits((((family * 64 + slot) % 10_000_000) * 3_333_331 + 77) % 10_000_000, 7)}`;

const PLATE_CHARACTERS = '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/** No city of the province has the letter Z. */
export function plate(family: number, slot: number): string {
  let rest = (family * 8 + slot) * 31 + 5;
  let text = '';
  for (let i = 0; i < 5; i += 1) {
    text = `${PLATE_CHARACTERS[rest % 34]}${text}`;
    rest = Math.floor(rest / 34);
  }
  return `浙Z${text}`;
}

export const vin = (family: number, slot: number): string =>
  vinWithCheckDigit(`LZZDEM0000${digits(family * 8 + slot, 7)}`);

export const realEstateUnit = (family: number, slot: number): string =>
  `${AREA}001${digits((family % 20) + 1, 3)}GB${digits((family % 900) + 1, 5)}F${digits(family * 16 + slot, 8)}`;
