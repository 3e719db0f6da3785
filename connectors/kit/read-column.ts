/** Turns a column of the manifest into one closure, so that reading a cell looks nothing up. */
import { limitsOf } from './cell-limits.ts';
import { cellText } from './cell-text.ts';
import type { Column, ColumnType, Manifest } from './manifest.ts';
import type { JsonValue } from './record.ts';
import * as boolean from './values/boolean.ts';
import { type Cleaned, refuse } from './values/cleaned.ts';
import { codeReader } from './values/code.ts';
import * as date from './values/date.ts';
import * as decimal from './values/decimal.ts';
import * as integer from './values/integer.ts';
import * as list from './values/list.ts';
import { cleanWanYuan, cleanYuan } from './values/money.ts';
import * as month from './values/month.ts';
import * as name from './values/name.ts';
import * as plate from './values/plate.ts';
import * as realEstateUnit from './values/real-estate-unit.ts';
import * as residentId from './values/resident-id.ts';
import * as text from './values/text.ts';
import * as timestamp from './values/timestamp.ts';
import * as travelDocument from './values/travel-document.ts';
import * as uscc from './values/uscc.ts';
import * as vin from './values/vin.ts';
import * as year from './values/year.ts';

export type ReadText = (raw: string) => Cleaned;
/** Reads one delivered cell of whatever JSON type. */
export type ReadCell = (raw: unknown) => Cleaned;

const READERS: Readonly<Record<Exclude<ColumnType, 'code'>, ReadText>> = {
  text: text.clean,
  name: name.clean,
  'resident-id': residentId.clean,
  'travel-document': travelDocument.clean,
  uscc: uscc.clean,
  plate: plate.clean,
  vin: vin.clean,
  'real-estate-unit': realEstateUnit.clean,
  date: date.clean,
  month: month.clean,
  'date-or-month': month.cleanDateOrMonth,
  timestamp: timestamp.clean,
  year: year.clean,
  integer: integer.clean,
  decimal: decimal.clean,
  'money-yuan': cleanYuan,
  'money-wan-yuan': cleanWanYuan,
  boolean: boolean.clean,
  list: list.clean,
};

/** An empty cell of a list says "none"; of every other type it says nothing. */
const emptyValue = (type: ColumnType): { readonly value: JsonValue } =>
  Object.freeze({ value: type === 'list' ? [] : null });

export type CellRule = Pick<Column, 'type' | 'required' | 'codes' | 'min' | 'max' | 'multiline'>;

const textReader = (rule: CellRule, codes: Manifest['codes']): ReadText => {
  const list = rule.codes === undefined ? undefined : codes[rule.codes];
  // Without a list nothing is a member: a missing list refuses every value instead of passing it.
  return rule.type === 'code' ? codeReader(list ?? {}) : READERS[rule.type];
};

/** A number outside the agreed range is a slip of the point or of the column. */
const withinRange = (read: ReadText, { min, max }: CellRule): ReadText => {
  if (min === undefined && max === undefined) return read;
  const [low, high] = [min ?? Number.NEGATIVE_INFINITY, max ?? Number.POSITIVE_INFINITY];
  const outside = refuse('value.not-a-number');
  return (raw) => {
    const cleaned = read(raw);
    if (!('value' in cleaned)) return cleaned;
    const number = Number(cleaned.value);
    return number >= low && number <= high ? cleaned : outside;
  };
};

/** Cells worth remembering are short, and this many at most of one column. */
const LONGEST_REMEMBERED = 64;
const MOST_REMEMBERED = 512;

/**
 * Gives a cell seen before the value it had then: years, codes, payers and dates come again and again,
 * and looking one up costs a fraction of reading it. A column whose cells hardly repeat is left alone.
 */
function remembering(read: ReadText): ReadText {
  let known: Map<string, Cleaned> | undefined = new Map();
  let repeated = 0;
  return (raw) => {
    if (known === undefined || raw.length > LONGEST_REMEMBERED) return read(raw);
    const earlier = known.get(raw);
    if (earlier !== undefined) {
      repeated += 1;
      return earlier;
    }
    const cleaned = read(raw);
    if (known.size >= MOST_REMEMBERED) {
      if (repeated < MOST_REMEMBERED) {
        known = undefined;
        return cleaned;
      }
      known.clear();
      repeated = 0;
    }
    known.set(raw, cleaned);
    return cleaned;
  };
}

/** Compiles the rule for a cell; `codes` are the closed lists of the manifest. */
export function cellReader(rule: CellRule, codes: Manifest['codes']): ReadCell {
  const clean = withinRange(textReader(rule, codes), rule);
  const empty = rule.required ? refuse('value.missing') : emptyValue(rule.type);
  const limits = limitsOf(rule);
  const takesLists = rule.type === 'list';
  const wrongShape = refuse('row.shape');
  const read = (raw: unknown): Cleaned => {
    const cell = cellText(raw, limits);
    if (cell === null) return empty;
    return typeof cell === 'string' ? clean(cell) : cell;
  };
  const readText = remembering(read);
  return (raw) => {
    if (typeof raw === 'string') return readText(raw);
    return !takesLists && Array.isArray(raw) ? wrongShape : read(raw);
  };
}
