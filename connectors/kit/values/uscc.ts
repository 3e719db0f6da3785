/**
 * Unified social credit code (统一社会信用代码, GB 32100-2015). A malformed code is refused; a wrong
 * check character is not, because codes that fail it are in real use: ask `validUscc` for that flag.
 */
import { type Cleaned, refuse } from './cleaned.ts';
import { compact } from './fold.ts';

/** No I, O, S, V, Z. */
const CHARACTERS = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const FORM = /^[0-9A-HJ-NPQRTUWXY]{18}$/;
const PREFIX = /^[0-9A-HJ-NPQRTUWXY]{17}$/;

/** Appends the check character to the first 17 characters: weights are powers of 3 modulo 31. */
export function usccWithCheckDigit(prefix: string): string {
  let sum = 0;
  let weight = 1;
  for (let i = 0; i < 17; i += 1) {
    sum += CHARACTERS.indexOf(prefix.charAt(i)) * weight;
    weight = (weight * 3) % 31;
  }
  return `${prefix}${CHARACTERS.charAt((31 - (sum % 31)) % 31)}`;
}

/** True when form and check character agree; false is a data-quality flag, not a refusal. */
export const validUscc = (code: string): boolean =>
  FORM.test(code) &&
  PREFIX.test(code.slice(0, 17)) &&
  usccWithCheckDigit(code.slice(0, 17)) === code;

export function clean(raw: string): Cleaned<string> {
  if (FORM.test(raw)) return { value: raw };
  const code = compact(raw).toUpperCase();
  return FORM.test(code) ? { value: code } : refuse('value.malformed');
}
