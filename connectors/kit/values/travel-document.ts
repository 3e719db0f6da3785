/**
 * Number of a passport or permit. Series come and go (E, EA, G, C, CA, W, L, T, PE, SE, DE …), so the
 * form is held wide: up to three letters and six to ten digits. A wrong series is for the register
 * that issued it to find, not for a pattern here to guess.
 */
import { type Cleaned, refuse } from './cleaned.ts';
import { compact } from './fold.ts';

const FORM = /^[A-Z]{0,3}[0-9]{6,10}$/;

export function clean(raw: string): Cleaned<string> {
  const number = compact(raw).replace(/-/g, '').toUpperCase();
  return FORM.test(number) && number.length >= 8 ? { value: number } : refuse('value.malformed');
}
