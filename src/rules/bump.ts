/** Raises versions in the files that say them: a rule's rule.yml, or kit.yml for what all rules share. */
import { readFileSync, writeFileSync } from 'node:fs';
import { HubError } from '../base/errors.ts';
import type { BookedRule } from './index.ts';
import { KIT_FILE } from './kit/kit-version.ts';

/** What stands for the common parts among ids of rules. */
export const KIT = 'kit';

export type Bumped = { id: string; from: number; to: number };

/** Changes the one line and nothing else, so that comments and layout stay. */
function raise(id: string, file: string): Bumped {
  const text = readFileSync(file, 'utf8');
  const line = /^version: *(\d+)/m;
  const from = Number(line.exec(text)?.[1]);
  if (!Number.isInteger(from)) {
    throw new HubError('rule.manifest-invalid', {
      rule: id,
      reason: 'no line "version: <number>"',
    });
  }
  writeFileSync(file, text.replace(line, `version: ${from + 1}`));
  return { id, from, to: from + 1 };
}

/** Raises the versions of these rules (`kit` for the common parts); refuses before it writes anything. */
export function bump(
  ids: readonly string[],
  book: readonly BookedRule[],
  kitFile: string = KIT_FILE,
): Bumped[] {
  const files = new Map(book.map(({ rule, folder }) => [rule.id, `${folder}/rule.yml`]));
  files.set(KIT, kitFile);
  const chosen = [...new Set(ids)].map((id) => {
    const file = files.get(id);
    if (file === undefined) throw new HubError('rule.unknown', { rule: id });
    return { id, file };
  });
  return chosen.map(({ id, file }) => raise(id, file));
}
