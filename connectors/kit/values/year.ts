/** Calendar years, 1900–2100. */

import { isRealYear } from './calendar.ts';
import { type Cleaned, refuse } from './cleaned.ts';
import { compact } from './fold.ts';

const FORM = /^([0-9]{4})(?:年度?)?$/;

export function clean(raw: string): Cleaned<number> {
  const year = Number(FORM.exec(compact(raw))?.[1]);
  return isRealYear(year) ? { value: year } : refuse('value.not-a-date');
}
