/**
 * The rule book: every folder src/rules/<family>/<id>/ with rule.ts and cases.yml. Nothing is
 * registered by hand. A doubled id, a folder that does not carry its rule's id, or a rule without
 * near misses refuses to load.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parse } from 'yaml';
import { HubError } from '../base/errors.ts';
import { type RuleCases, ruleCases } from './kit/cases.ts';
import type { RuleDefinition } from './kit/define-rule.ts';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const NOT_FAMILIES = new Set(['kit']);

const refuse = (rule: string, reason: string) =>
  new HubError('rule.manifest-invalid', { rule, reason });

const foldersIn = (path: string) =>
  readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();

const ruleFolders = (folder: string) =>
  foldersIn(folder)
    .filter((family) => !NOT_FAMILIES.has(family))
    .flatMap((family) =>
      foldersIn(`${folder}/${family}`).map((id) => ({
        id,
        family,
        path: `${folder}/${family}/${id}`,
      })),
    );

/** Cases of one rule folder; refuses where near misses are missing. */
export function readCases(path: string, id: string): RuleCases {
  const file = `${path}/cases.yml`;
  if (!existsSync(file)) throw refuse(id, 'cases.yml is missing');
  const read = ruleCases.safeParse(parse(readFileSync(file, 'utf8')));
  if (read.success) return read.data;
  const places = read.error.issues.map((issue) => issue.path.join('.')).join(', ');
  throw refuse(id, `cases.yml: ${places}`);
}

async function loadRule({ id, family, path }: ReturnType<typeof ruleFolders>[number]) {
  readCases(path, id.toUpperCase());
  const module: { default?: RuleDefinition } = await import(pathToFileURL(`${path}/rule.ts`).href);
  const rule = module.default;
  if (!rule) throw refuse(id, 'rule.ts has no default export');
  if (rule.id !== id.toUpperCase()) throw refuse(rule.id, `its folder is named ${id}`);
  if (rule.family !== family) throw refuse(rule.id, `its folder lies under ${family}`);
  return rule;
}

/** All rules, sorted by id. */
export async function loadRules(folder = FOLDER): Promise<RuleDefinition[]> {
  const rules = await Promise.all(ruleFolders(folder.replace(/\/$/, '')).map(loadRule));
  const seen = new Set<string>();
  for (const { id } of rules) {
    if (seen.has(id)) throw refuse(id, 'two folders define it');
    seen.add(id);
  }
  return rules.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The cases of all rules by rule id, for the test that walks them. */
export const loadCases = (folder = FOLDER): Map<string, RuleCases> =>
  new Map(
    ruleFolders(folder.replace(/\/$/, '')).map(({ id, path }) => [
      id.toUpperCase(),
      readCases(path, id.toUpperCase()),
    ]),
  );
