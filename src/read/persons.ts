/**
 * Whose rows an answer shows, told by the statement that reads them: an object made of a person's row has
 * one more member in front (two where it names two), the person's id, under a key that no field or alias
 * can have. It is taken out again here, before the text goes anywhere, so what is logged is what came back
 * and nothing else.
 */
import { HubError } from '../base/errors.ts';
import { NO_PERSON } from '../base/person-key.ts';

/** Stands in front of an object; GraphQL names hold no such character. */
export const PERSON_KEY = '#';

const MARK = `{"${PERSON_KEY}":`;
/** A quoted uuid and the comma behind it. */
const MARKED = 39;
const NOBODY = 'null,';

/** Stands in a mark where a list was asked for behind a row that is not in it. */
export const MISPLACED = 'misplaced';

export type Answer = { text: string; persons: readonly string[] };

/** The text without the marks, and the persons they named, each once. Within a string every quote is escaped. */
export function takePersons(marked: string): Answer {
  let at = marked.indexOf(MARK);
  if (at < 0) return { text: marked, persons: [] };
  const persons = new Set<string>();
  let text = '';
  let from = 0;
  let isFirst = true;
  while (at >= 0) {
    const value = at + MARK.length;
    if (marked.startsWith(`"${MISPLACED}"`, value)) throw new HubError('cursor.invalid');
    const isNobody = marked.startsWith(NOBODY, value);
    if (!isNobody) persons.add(marked.slice(value + 1, value + MARKED - 2));
    text += isFirst ? `${marked.slice(from, at)}{` : '';
    from = value + (isNobody ? NOBODY.length : MARKED);
    isFirst = !marked.startsWith(MARK.slice(1), from);
    at = isFirst ? marked.indexOf(MARK, from) : from - 1;
  }
  persons.delete(NO_PERSON);
  return { text: text + marked.slice(from), persons: [...persons] };
}
