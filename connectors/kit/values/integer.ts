/** Whole numbers that fit PostgreSQL's `integer`; thousands separators and full-width digits read. */
import { type Cleaned, refuse } from './cleaned.ts';
import { decimalParts } from './decimal.ts';
import { compact } from './fold.ts';

const LARGEST = 2_147_483_647;

export function clean(raw: string): Cleaned<number> {
  const parts = decimalParts(compact(raw));
  if (parts === null || parts.fraction !== '' || parts.whole.length > 10) {
    return refuse('value.not-a-number');
  }
  const number = Number(parts.whole);
  if (number > LARGEST) return refuse('value.not-a-number');
  return { value: parts.isNegative ? -number : number };
}
