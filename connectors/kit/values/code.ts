/**
 * Members of a closed list. What is not on the list is refused: there is no default branch, so a
 * category a department invents tomorrow is heard about and not counted as something else.
 */
import { type Cleaned, refuse } from './cleaned.ts';
import { compact } from './fold.ts';

/** Builds the reader of one list: delivered word → canonical code. */
export function codeReader(
  list: Readonly<Record<string, string>>,
): (raw: string) => Cleaned<string> {
  const exact = new Map(Object.entries(list).map(([word, code]) => [word, { value: code }]));
  const folded = new Map(
    Object.entries(list).map(([word, code]) => [compact(word), { value: code }]),
  );
  const unknown = refuse('value.unknown-code');
  return (raw) => exact.get(raw) ?? folded.get(compact(raw)) ?? unknown;
}
