/**
 * The last check before a record is logged: does its body fit the columns of its fact table? The
 * link stage casts thousands of records in one statement, so one that does not fit would stop the
 * whole batch; here it costs one row in quarantine.
 */
import type { JsonValue, Rejection, RejectionReason } from '../../../connectors/kit/record.ts';

export type Check = (value: JsonValue) => RejectionReason | undefined;

const LONGEST_TEXT = 20_000;
const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const INSTANT = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?$/;
const UUID = /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/;
const DIGITS = /^-?\d{1,18}$/;

const checkText: Check = (value) => {
  if (typeof value !== 'string') return 'value.malformed';
  if (value.length > LONGEST_TEXT) return 'value.too-long';
  // PostgreSQL's text and jsonb hold neither NUL nor half a character.
  return value.includes('\0') || !value.isWellFormed() ? 'value.undecodable' : undefined;
};

const checkDate: Check = (value) => {
  if (typeof value !== 'string' || !DATE.test(value)) return 'value.not-a-date';
  if (value.slice(8) <= '28') return undefined;
  const [year, month, day] = value.split('-').map(Number);
  const days = new Date(Date.UTC(year ?? 0, month ?? 0, 0)).getUTCDate();
  return (day ?? 0) > days || value.startsWith('0000') ? 'value.not-a-date' : undefined;
};

const checkInteger =
  (limit: number): Check =>
  (value) => {
    const text = typeof value === 'number' ? String(value) : value;
    if (typeof text !== 'string' || !DIGITS.test(text)) return 'value.not-a-number';
    return Math.abs(Number(text)) > limit ? 'value.not-a-number' : undefined;
  };

function checkNumeric(type: string): Check {
  const [precision = 18, scale = 0] = (type.match(/\d+/g) ?? []).map(Number);
  const pattern = /^-?(\d+)(\.\d+)?$/;
  return (value) => {
    const found = pattern.exec(String(value));
    // Rounding may carry into one more digit, hence "at most one less than the column holds".
    const whole = found?.[1]?.replace(/^0+/, '').length ?? Number.POSITIVE_INFINITY;
    const carries = (found?.[2]?.length ?? 0) - 1 > scale ? 1 : 0;
    return whole + carries > precision - scale ? 'value.not-a-number' : undefined;
  };
}

/** What a column of this SQL type takes. */
export function checkOf(type: string): Check {
  if (type === 'text') return checkText;
  if (type === 'date') return checkDate;
  if (type === 'boolean') return (v) => (typeof v === 'boolean' ? undefined : 'value.malformed');
  if (type === 'smallint') return checkInteger(32_767);
  if (type === 'integer') return checkInteger(2_147_483_647);
  if (type === 'bigint') return checkInteger(9e17);
  if (type.startsWith('numeric')) return checkNumeric(type);
  if (type === 'uuid') {
    return (v) => (typeof v === 'string' && UUID.test(v) ? undefined : 'value.malformed');
  }
  if (type === 'text[]') {
    return (v) => (Array.isArray(v) ? v.map(checkText).find(Boolean) : 'value.malformed');
  }
  return (v) => (typeof v === 'string' && INSTANT.test(v) ? undefined : 'value.not-a-date');
}

export type Misfit = { field: string; reason: RejectionReason };

/** The rejection a clerk reads: the field by its delivered column name, where the sheet has one. */
export const misfitRejection = (
  { field, reason }: Misfit,
  columns: ReadonlyMap<string, string> | undefined,
): Rejection => ({ reason, column: columns?.get(field) ?? null });
