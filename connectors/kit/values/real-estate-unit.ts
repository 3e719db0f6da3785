/**
 * Real-estate unit number (不动产单元号, GB/T 37346-2019), 28 characters: county 6, cadastral area 3,
 * sub-area 3, land right 2 letters, land serial 5, fixture letter, fixture 8. It has no check digit.
 */
import { type Cleaned, refuse } from './cleaned.ts';
import { compact } from './fold.ts';

const FORM = /^[0-9]{12}[GJZ][A-Z][0-9]{5}[FLQW][0-9]{8}$/;

/** Registers print it in groups; the groups carry no meaning. */
export function clean(raw: string): Cleaned<string> {
  const unit = compact(raw).replace(/-/g, '').toUpperCase();
  return FORM.test(unit) ? { value: unit } : refuse('value.malformed');
}
