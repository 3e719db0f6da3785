/**
 * Exact decimals as text: `-1,234.50` → `-1234.5`. No float ever holds one, so what is stored is
 * what was delivered. Equal numbers get equal text, so a correction that changes nothing is seen.
 */
import { type Cleaned, refuse } from './cleaned.ts';
import { compact } from './fold.ts';

const PLAIN = /^([+-]?)([0-9]{1,15})(?:[.]([0-9]{0,10}))?$/;
const GROUPED = /^([+-]?)([0-9]{1,3}(?:,[0-9]{3}){1,4})(?:[.]([0-9]{0,10}))?$/;
/** NFKC leaves the true minus sign and dashes alone. */
const MINUS = /^[−–—]/;

export type DecimalParts = { isNegative: boolean; whole: string; fraction: string };

/**
 * Digits before and after the point, without idle zeros; null when the text is no number. The text
 * is `compact` already.
 */
export function decimalParts(text: string): DecimalParts | null {
  const parts = PLAIN.exec(text) ?? signed(text);
  if (!parts) return null;
  const whole = withoutLeadingZeros((parts[2] ?? '').replaceAll(',', ''));
  const fraction = withoutTrailingZeros(parts[3] ?? '');
  return { isNegative: parts[1] === '-' && (whole !== '0' || fraction !== ''), whole, fraction };
}

export const withoutLeadingZeros = (digits: string): string => {
  let start = 0;
  while (start < digits.length - 1 && digits.charCodeAt(start) === 48) start += 1;
  return start === 0 ? digits : digits.slice(start);
};

const signed = (text: string): RegExpExecArray | null => {
  const ascii = text.replace(MINUS, '-');
  return PLAIN.exec(ascii) ?? GROUPED.exec(ascii);
};

/** A loop, because `/0+$/` is quadratic on a long run of zeros. */
const withoutTrailingZeros = (digits: string): string => {
  let end = digits.length;
  while (end > 0 && digits.charCodeAt(end - 1) === 48) end -= 1;
  return digits.slice(0, end);
};

export function clean(raw: string): Cleaned<string> {
  const parts = decimalParts(compact(raw));
  if (parts === null) return refuse('value.not-a-number');
  const sign = parts.isNegative ? '-' : '';
  return { value: `${sign}${parts.whole}${parts.fraction === '' ? '' : `.${parts.fraction}`}` };
}
