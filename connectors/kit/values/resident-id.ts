/**
 * Resident identity number (公民身份号码, GB 11643-1999): 6 area, 8 birth date, 3 sequence, 1 check
 * character (ISO 7064 MOD 11-2). Canonical form: 18 characters, `X` in upper case.
 *
 * The area code is not judged: codes are abolished over the years and the number stays.
 */

import { isRealDate } from './calendar.ts';
import { type Cleaned, refuse } from './cleaned.ts';
import { compact } from './fold.ts';

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_CHARACTERS = '10X98765432';
const EIGHTEEN = /^[0-9]{17}[0-9X]$/;
const FIFTEEN = /^[0-9]{15}$/;

const checkCharacter = (digits: string): string => {
  let sum = 0;
  for (let i = 0; i < 17; i += 1) sum += (digits.charCodeAt(i) - 48) * (WEIGHTS[i] ?? 0);
  return CHECK_CHARACTERS.charAt(sum % 11);
};

const birthDateIsReal = (number: string): boolean =>
  isRealDate(
    Number(number.slice(6, 10)),
    Number(number.slice(10, 12)),
    Number(number.slice(12, 14)),
  );

/** Appends the check character to the first 17 digits. */
export const residentIdWithCheckDigit = (digits: string): string =>
  `${digits}${checkCharacter(digits)}`;

/** A number of 15 digits (before 1999) is one of 18 without the century and the check character. */
export const residentIdTo18 = (fifteen: string): string =>
  residentIdWithCheckDigit(`${fifteen.slice(0, 6)}19${fifteen.slice(6)}`);

/** The form of 15 digits under which old registers still hold someone born before 2000. */
export const residentIdTo15 = (eighteen: string): string =>
  `${eighteen.slice(0, 6)}${eighteen.slice(8, 17)}`;

/** True for a canonical number with a real birth date and the right check character. */
export const validResidentId = (number: string): boolean =>
  EIGHTEEN.test(number) && birthDateIsReal(number) && number[17] === checkCharacter(number);

/** Birth date inside a canonical number, as `YYYY-MM-DD`. */
export const bornOn = (number: string): string =>
  `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;

export function clean(raw: string): Cleaned<string> {
  // Spreadsheets keep digits as text behind an apostrophe, and exports carry it along.
  const text = EIGHTEEN.test(raw) ? raw : compact(raw).replace(/^'/, '').toUpperCase();
  const number = text.length === 15 && FIFTEEN.test(text) ? residentIdTo18(text) : text;
  if (!EIGHTEEN.test(number) || !birthDateIsReal(number)) return refuse('value.malformed');
  return number[17] === checkCharacter(number)
    ? { value: number }
    : refuse('value.bad-check-digit');
}
