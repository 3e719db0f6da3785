/**
 * Mutants: one deliberate fault each, and the tests that must see it. A YAML file beside this one is a
 * mutant, or a family of them where its `each` fits several places.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const Place = {
  file: z.string(),
  /** Text that stands there exactly once. */
  find: z.string().optional(),
  /** A pattern that fits at least once; every place is a mutant named by its first group. */
  each: z.string().optional(),
  /** What stands there instead; `$1` is the first group of `each`. */
  replace: z.string(),
};

const Written = z.strictObject({
  /** Number of the promise it breaks. */
  promise: z.string().regex(/^[A-L]\d+$/),
  /** What is wrong in it, in a few words. */
  fault: z.string(),
  ...Place,
  /** Walls that hold the same thing and are taken away with it: say why in a comment of the file. */
  also: z.array(z.strictObject({ ...Place, find: z.string(), each: z.undefined() })).default([]),
  tests: z.array(z.string()).min(1),
});

export type Mutant = {
  name: string;
  promise: string;
  fault: string;
  /** The files it changes, each with the fault in it. */
  faulty: ReadonlyMap<string, string>;
  tests: readonly string[];
};

type At = { file: string; find?: string | undefined; each?: string | undefined; replace: string };
type Faulty = { name: string; text: string };

function faultsOf(id: string, { find, each, replace }: At, text: string): Faulty[] {
  if ((find === undefined) === (each === undefined)) throw new Error(`${id}: find or each`);
  if (find !== undefined) {
    const parts = text.split(find);
    return parts.length === 2 ? [{ name: id, text: parts.join(replace) }] : [];
  }
  return [...text.matchAll(new RegExp(each ?? '', 'gm'))].map((found) => {
    const here = new RegExp(each ?? '', 'my');
    here.lastIndex = found.index;
    return { name: `${id}/${found[1] ?? found.index}`, text: text.replace(here, replace) };
  });
}

/** The faults of one place, in the text that stands in `faulty` or in the project. */
function faultsAt(id: string, at: At, faulty: ReadonlyMap<string, string>): Faulty[] {
  const text = faulty.get(at.file) ?? readFileSync(join(ROOT, at.file), 'utf8');
  const faults = faultsOf(id, at, text);
  if (faults.length === 0) {
    throw new Error(
      `test/mutants/${id}.yml: what it replaces does not stand in ${at.file}, or more than once`,
    );
  }
  if (faults.some((it) => it.text === text)) throw new Error(`${id}: nothing is changed`);
  return faults;
}

/** The mutants of one file; an error where its text no longer stands in the code. */
export function mutantsOf(file: string): Mutant[] {
  const id = file.replace(/\.yml$/, '');
  const written = Written.parse(parse(readFileSync(join(HERE, file), 'utf8')));
  const { promise, fault, also, tests } = written;
  return faultsAt(id, written, new Map()).map(({ name, text }) => {
    const faulty = new Map([[written.file, text]]);
    for (const at of also) faulty.set(at.file, faultsAt(id, at, faulty)[0]?.text ?? '');
    return { name, promise, fault, faulty, tests };
  });
}

/** Names of the files, in order. */
export const mutantFiles = (): string[] =>
  readdirSync(HERE)
    .filter((name) => name.endsWith('.yml'))
    .sort();
