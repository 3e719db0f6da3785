/**
 * A rule book of any size: copies of the hub's own rules in a folder of their own, for tests and the
 * bench of what a hundred rules cost. The first copies are the rules themselves under their own ids;
 * later rounds take ids of their own (A01, A101, A201, …). Words and cases are copied, the SQL is
 * the original's.
 */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadBook } from '../../src/rules/index.ts';

export type ManyRules = {
  /** To be given to `loadRules`, `loadBook` and `loadCases`. */
  folder: string;
  remove(): void;
};

/** A01 in the second round is A101, in the thirteenth A1201. */
const idOf = (id: string, round: number) =>
  round === 0 ? id : id.replace(/^([A-Z])/, `$1${round}`);

/** Makes a book of `count` rules; the caller removes it. */
export async function manyRules(count: number): Promise<ManyRules> {
  const book = await loadBook();
  const folder = mkdtempSync(join(tmpdir(), 'hub-many-rules-'));
  for (let made = 0; made < count; made += 1) {
    const original = book[made % book.length];
    if (!original) throw new Error('the rule book is empty');
    const { rule, folder: from } = original;
    const id = idOf(rule.id, Math.floor(made / book.length));
    const path = join(folder, rule.family, id.toLowerCase());
    mkdirSync(path, { recursive: true });
    copyFileSync(join(from, '../family.yml'), join(folder, rule.family, 'family.yml'));
    for (const file of ['rule.yml', 'cases.yml']) copyFileSync(join(from, file), join(path, file));
    const module = pathToFileURL(join(from, 'rule.ts')).href;
    writeFileSync(join(path, 'rule.ts'), `export { default } from '${module}';\n`);
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
