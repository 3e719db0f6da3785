/**
 * Vehicle plate (机动车号牌, GA 36-2018): ordinary, 挂学警港澳, new energy (small and large), embassy and
 * consulate. Plates move between cars, so a plate is never a key.
 */
import { type Cleaned, refuse } from './cleaned.ts';
import { compact } from './fold.ts';

/** Every branch has a fixed length, so matching is linear. */
const FORM =
  /^(?:[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z](?:[A-HJ-NP-Z0-9]{5}|[A-HJ-NP-Z0-9]{4}[挂学警港澳领]|[A-HJK][A-HJ-NP-Z0-9][0-9]{4}|[0-9]{5}[A-HJK])|使[0-9]{6})$/;
/** Between the province's letter and the number some registers print a dot or a dash. */
const SEPARATOR = /[·•・.-]/g;

export function clean(raw: string): Cleaned<string> {
  const plate = compact(raw).replace(SEPARATOR, '').toUpperCase();
  return FORM.test(plate) ? { value: plate } : refuse('value.malformed');
}
