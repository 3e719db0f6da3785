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

const Written = z.strictObject({
  /** Number of the promise it breaks. */
  promise: z.string().regex(/^[A-L]\d+$/),
  /** What is wrong in it, in a few words. */
  fault: z.string(),
  file: z.string(),
  /** Text that stands there exactly once. */
  find: z.string().optional(),
  /** A pattern that fits at least once; every place is a mutant named by its first group. */
  each: z.string().optional(),
  /** What stands there instead; `$1` is the first group of `each`. */
  replace: z.string(),
  tests: z.array(z.string()).min(1),
});

export type Mutant = {
  name: string;
  promise: string;
  fault: string;
  file: string;
  /** The file with the fault in it. */
  text: string;
  tests: readonly string[];
};

type Faulty = { name: string; text: string };

function faultsOf(
  id: string,
  { find, each, replace }: z.infer<typeof Written>,
  text: string,
): Faulty[] {
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

/** The mutants of one file; an error where its text no longer stands in the code. */
export function mutantsOf(file: string): Mutant[] {
  const id = file.replace(/\.yml$/, '');
  const written = Written.parse(parse(readFileSync(join(HERE, file), 'utf8')));
  const text = readFileSync(join(ROOT, written.file), 'utf8');
  const faults = faultsOf(id, written, text);
  if (faults.length === 0) {
    throw new Error(`${id}: what it replaces does not stand in ${written.file}, or more than once`);
  }
  const { promise, fault, file: path, tests } = written;
  return faults.map((it) => {
    if (it.text === text) throw new Error(`${it.name}: nothing is changed`);
    return { ...it, promise, fault, file: path, tests };
  });
}

/** Names of the files, in order. */
export const mutantFiles = (): string[] =>
  readdirSync(HERE)
    .filter((name) => name.endsWith('.yml'))
    .sort();
