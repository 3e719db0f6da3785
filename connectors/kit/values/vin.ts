/**
 * Vehicle identification number (车辆识别代号, GB 16735). Seventeen characters without I, O, Q. The
 * check digit (position 9) is not used in every region cars are imported from, so a wrong one is a
 * flag (`validVin`), not a refusal.
 */
import { type Cleaned, refuse } from './cleaned.ts';
import { compact } from './fold.ts';

const FORM = /^[0-9A-HJ-NPR-Z]{17}$/;
const WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
const LETTERS = 'ABCDEFGHJKLMNPRSTUVWXYZ';
const LETTER_VALUES = '12345678123457923456789';

const weightedValue = (character: string): number => {
  const at = LETTERS.indexOf(character);
  return Number(at < 0 ? character : LETTER_VALUES.charAt(at));
};

const checkDigit = (vin: string): string => {
  let sum = 0;
  for (let i = 0; i < 17; i += 1) sum += weightedValue(vin.charAt(i)) * (WEIGHTS[i] ?? 0);
  return sum % 11 === 10 ? 'X' : String(sum % 11);
};

/** Puts the right check digit into position 9, whatever stands there. */
export const vinWithCheckDigit = (vin: string): string =>
  `${vin.slice(0, 8)}${checkDigit(vin)}${vin.slice(9)}`;

/** True when form and check digit agree; false is a data-quality flag, not a refusal. */
export const validVin = (vin: string): boolean => FORM.test(vin) && vin[8] === checkDigit(vin);

export function clean(raw: string): Cleaned<string> {
  const vin = compact(raw).toUpperCase();
  return FORM.test(vin) ? { value: vin } : refuse('value.malformed');
}
