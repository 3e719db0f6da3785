/** Yes and no as departments write them. Any other word is unknown, never "no". */
import { type Cleaned, refuse } from './cleaned.ts';
import { compact } from './fold.ts';

const WORDS = new Map<string, boolean>([
  ...['是', '有', 'Y', 'YES', '1', 'TRUE', 'T', '√'].map((word) => [word, true] as const),
  ...['否', '无', 'N', 'NO', '0', 'FALSE', 'F', '×'].map((word) => [word, false] as const),
]);

export function clean(raw: string): Cleaned<boolean> {
  const value = WORDS.get(raw) ?? WORDS.get(compact(raw).toUpperCase());
  return value === undefined ? refuse('value.unknown-code') : { value };
}
