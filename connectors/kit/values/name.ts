/**
 * Names of people. Rare characters and middle dots stay as delivered: a name is never "repaired".
 * `foldName` is for comparing only, where spaces and the kind of dot say nothing.
 */
import { type Cleaned, refuse } from './cleaned.ts';
import { tidy } from './fold.ts';

const LONGEST = 100;
/** The dots that input methods put between the parts of a name, U+00B7 first. */
const DOTS = /[·•‧∙⋅・．.]/g;

/** The form in which two spellings of one name are equal. */
export const foldName = (name: string): string =>
  tidy(name).replaceAll(' ', '').replace(DOTS, '·').toUpperCase().normalize('NFKC');

export function clean(raw: string): Cleaned<string> {
  const name = tidy(raw);
  if (name === '') return refuse('value.malformed');
  return name.length > LONGEST ? refuse('value.too-long') : { value: name };
}
