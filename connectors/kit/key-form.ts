/**
 * The form in which parts of a record's key are compared, so that a correction finds the fact it
 * corrects although it is typed differently: NFKC, no spaces, upper case, 15-digit IDs as 18.
 */
import { compact } from './values/fold.ts';
import { clean as cleanResidentId } from './values/resident-id.ts';

const FIFTEEN_DIGITS = /^[0-9]{15}$/;
const PLAIN = /^[0-9A-Z-]*$/;

/** Folds one key part; idempotent. An absent value is the empty string. */
export function keyForm(value: unknown): string {
  if (value === null || value === undefined) return '';
  const raw =
    typeof value === 'string' ? value : Array.isArray(value) ? value.join('|') : `${value}`;
  const text = PLAIN.test(raw) ? raw : compact(compact(raw).toUpperCase());
  if (text.length !== 15 || !FIFTEEN_DIGITS.test(text)) return text;
  const number = cleanResidentId(text);
  return 'value' in number ? number.value : text;
}
