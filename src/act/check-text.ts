/** What a person writes into the hub: never empty, never a book. */
import { HubError } from '../base/errors.ts';

const LONGEST_TEXT = 2_000;

/** The text without its surroundings; throws text.length, naming the input it came in. */
export function checkText(text: string, field: string, most: number = LONGEST_TEXT): string {
  const trimmed = text.replaceAll('\u0000', '').trim();
  if (trimmed === '' || trimmed.length > most) throw new HubError('text.length', { most, field });
  return trimmed;
}
