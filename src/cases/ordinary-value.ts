/**
 * A valid value of a column type where neither the case nor ordinary.yml says one. Numbers are made of
 * the case's own number, so that no two cases share a car or a document: plates with the letter Y,
 * passports of the series EC and land of the area 999901 are given to nobody.
 */
import type { JsonValue } from '../../connectors/kit/record.ts';
import { vinWithCheckDigit } from '../../connectors/kit/values/vin.ts';
import type { CastPerson } from './cast.ts';
import type { Field } from './fact-kinds.ts';

export type Place = {
  /** Of this row alone. */
  n: number;
  /** Of this person alone. */
  personNumber: number;
  person: CastPerson;
  unit: { code: string; name: string };
};

const PLATE_CHARACTERS = '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const digits = (value: number, width: number): string => String(value).padStart(width, '0');

function plate(n: number): string {
  let text = '';
  for (let rest = n, i = 0; i < 5; i += 1, rest = Math.floor(rest / 34)) {
    text = `${PLATE_CHARACTERS[rest % 34]}${text}`;
  }
  return `浙Y${text}`;
}

type Make = (place: Place, field: Field) => JsonValue;
const ONE_WAN_IN_FEN = '1000000';

const BY_TYPE: Readonly<Record<NonNullable<Field['type']>, Make>> = {
  text: ({ n }) => `样${n}`,
  name: ({ person }) => person.name,
  'resident-id': ({ person }) => person.idNumber,
  'travel-document': ({ personNumber }) => `EC${digits(personNumber, 7)}`,
  uscc: ({ unit }) => unit.code,
  plate: ({ n }) => plate(n),
  vin: ({ n }) => vinWithCheckDigit(`LZZCASE00${digits(n, 8)}`),
  'real-estate-unit': ({ n }) => `999901002001GB00001F${digits(n, 8)}`,
  date: () => '2024-06-15',
  month: () => '2024-06-01',
  'date-or-month': () => '2024-06-15',
  timestamp: () => '2025-06-15 10:00:00+08:00',
  year: () => 2025,
  integer: (_, { min }) => Math.max(1, min ?? 1),
  decimal: (_, { min }) => String(Math.max(1, min ?? 1)),
  'money-yuan': () => ONE_WAN_IN_FEN,
  'money-wan-yuan': () => ONE_WAN_IN_FEN,
  boolean: () => false,
  code: (_, { codes }) => codes[0] ?? null,
  list: () => [],
};

export const ordinaryValue = (field: Field, place: Place): JsonValue =>
  field.type === null ? null : BY_TYPE[field.type](place, field);
