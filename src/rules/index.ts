/**
 * The rule book: every folder src/rules/<family>/<id>/ with rule.yml, rule.ts and cases.yml. Nothing is
 * registered by hand. A doubled id, an unknown key, a rule without near misses or one that names what
 * does not exist refuses to load.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { ruleFamilies } from '../../schema/warning/rule-families.ts';
import { HubError } from '../base/errors.ts';
import { type RuleCases, ruleCases } from './kit/cases.ts';
import { ruleProblems } from './kit/check-rule.ts';
import type { RuleDefinition, RuleQuery } from './kit/define-rule.ts';
import { KIT_VERSION } from './kit/kit-version.ts';
import { ruleWords } from './kit/rule-words.ts';

const FOLDER = fileURLToPath(new URL('.', import.meta.url)).replace(/\/$/, '');

/** A rule and the situations it is held to, as its folder says them. */
export type BookedRule = { rule: RuleDefinition; cases: RuleCases; folder: string };

const refuse = (rule: string, reason: string) =>
  new HubError('rule.manifest-invalid', { rule, reason });

type RuleFolder = { id: string; family: string; path: string };

const ruleFolders = (book: string): RuleFolder[] =>
  [...ruleFamilies(book).keys()].flatMap((family) =>
    readdirSync(`${book}/${family}`, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => ({
        id: name.toUpperCase(),
        family,
        path: `${book}/${family}/${name}`,
      })),
  );

/** A YAML file of a rule folder, checked completely. */
function readPart<T>({ id, path }: RuleFolder, file: string, shape: z.ZodType<T>): T {
  if (!existsSync(`${path}/${file}`)) throw refuse(id, `${file} is missing`);
  const document = parseDocument(readFileSync(`${path}/${file}`, 'utf8'));
  const [broken] = document.errors;
  if (broken) throw refuse(id, `${file}: ${broken.message.split('\n')[0]}`);
  const read = shape.safeParse(document.toJS());
  if (read.success) return read.data;
  const problems = read.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
  throw refuse(id, `${file}: ${problems.map((each) => each.trim()).join(', ')}`);
}

/** Over rule.yml and the rule's own modules; the cases are no part of what it asks. */
function digestOfFiles(path: string): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(path).sort()) {
    if (file !== 'rule.yml' && !file.endsWith('.ts')) continue;
    const text = readFileSync(`${path}/${file}`, 'utf8').replaceAll('\r\n', '\n');
    hash.update(`${file}\0${text}\0`);
  }
  return hash.digest('hex');
}

async function loadFolder(folder: RuleFolder): Promise<BookedRule> {
  const { id, family, path } = folder;
  if (!/^[A-Z]\d{2,}$/.test(id)) throw refuse(id, 'a folder is named like its rule, e.g. a01');
  const words = readPart(folder, 'rule.yml', ruleWords);
  const cases = readPart(folder, 'cases.yml', ruleCases);
  if (!existsSync(`${path}/rule.ts`)) throw refuse(id, 'rule.ts is missing');
  const module: { default?: RuleQuery } = await import(pathToFileURL(`${path}/rule.ts`).href);
  if (!module.default) throw refuse(id, 'rule.ts has no default export');
  const source = digestOfFiles(path);
  const rule = { ...words, ...module.default, id, family, source, kitVersion: KIT_VERSION };
  const problems = [...new Set(ruleProblems(rule))];
  // All of them: whoever writes a rule mends them in one go.
  if (problems.length > 0) throw refuse(id, problems.join('; '));
  return { rule, cases, folder: path };
}

async function readBook(folder: string): Promise<BookedRule[]> {
  const folders = ruleFolders(folder);
  const seen = new Set<string>();
  for (const { id } of folders) {
    if (seen.has(id)) throw refuse(id, 'two folders define it');
    seen.add(id);
  }
  const book = await Promise.all(folders.map(loadFolder));
  return book.sort((a, b) => (a.rule.id < b.rule.id ? -1 : 1));
}

let ownBook: Promise<BookedRule[]> | undefined;

/**
 * All rules with their cases, sorted by id. The hub's own book is read once: it cannot change while the
 * modules that hold its SQL stay loaded.
 */
export function loadBook(folder = FOLDER): Promise<BookedRule[]> {
  if (folder.replace(/\/$/, '') !== FOLDER) return readBook(folder.replace(/\/$/, ''));
  ownBook ??= readBook(FOLDER);
  return ownBook;
}

/** All rules, sorted by id. */
export const loadRules = async (folder?: string): Promise<RuleDefinition[]> =>
  (await loadBook(folder)).map(({ rule }) => rule);

/** The cases of all rules by rule id, for the test that walks them. */
export const loadCases = async (folder?: string): Promise<Map<string, RuleCases>> =>
  new Map((await loadBook(folder)).map(({ rule, cases }) => [rule.id, cases]));
