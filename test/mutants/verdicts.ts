/**
 * What was killed before: a run that was broken off goes on where it stood, and a fault is not tried
 * again while neither it nor its tests changed. Only kills are kept; who survived is tried again.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Mutant } from './mutant.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Not under version control, and gone with the installed packages. */
const KEPT = join(ROOT, 'node_modules/.cache/mutants');

/** A file that is named by the faulty code and by the tests as they stand now. */
function fileOf({ name, faulty, tests }: Mutant): string {
  const hash = createHash('sha256').update(name);
  for (const [path, text] of faulty) hash.update(`\0${path}\0${text}`);
  for (const path of tests) hash.update(`\0${path}\0${readFileSync(join(ROOT, path), 'utf8')}`);
  return join(KEPT, hash.digest('hex'));
}

export const wasKilled = (mutant: Mutant): boolean => existsSync(fileOf(mutant));

export function keepKill(mutant: Mutant): void {
  mkdirSync(KEPT, { recursive: true });
  writeFileSync(fileOf(mutant), mutant.name);
}
