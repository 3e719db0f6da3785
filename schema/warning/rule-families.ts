/**
 * The families of the rule book, by listing: each folder src/rules/<family>/ with a family.yml that
 * says its name in both languages. A new family is a new folder.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { HubError } from '../../src/base/errors.ts';

const RULES = fileURLToPath(new URL('../../src/rules', import.meta.url));
const FILE = 'family.yml';

const familyWords = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });
export type FamilyWords = z.infer<typeof familyWords>;

/** What rules are written with lies beside the families. */
const KIT = 'kit';

function readFamily(folder: string, family: string): FamilyWords {
  const refuse = (reason: string) =>
    new HubError('rule.manifest-invalid', { rule: family, reason: `${FILE} ${reason}` });
  const file = `${folder}/${family}/${FILE}`;
  if (!existsSync(file)) throw refuse('is missing');
  const read = familyWords.safeParse(parse(readFileSync(file, 'utf8')));
  if (read.success) return read.data;
  throw refuse(
    read.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join(', '),
  );
}

/** Family → its name, sorted by folder. */
export const ruleFamilies = (folder = RULES): ReadonlyMap<string, FamilyWords> =>
  new Map(
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== KIT)
      .map(({ name }) => name)
      .sort()
      .map((family) => [family, readFamily(folder, family)]),
  );
