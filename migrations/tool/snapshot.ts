/**
 * What the migrations have built so far, as drizzle-kit describes it: one small JSON file per table
 * (and per enum, sequence, view …, should there be any), so that git merges two branches that change
 * different tables. No ids and no order of migrations in it: it says what is, not how it came about.
 */
import {
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type DrizzleSnapshotJSON, generateDrizzleJson } from 'drizzle-kit/api';
import { getTableConfig } from 'drizzle-orm/pg-core';
import { Partitioned } from '../../schema/table-parts.ts';

/** `partitions` is ours, by table: what stands behind PARTITION BY. */
export type Snapshot = DrizzleSnapshotJSON & { partitions: Record<string, string> };

const KINDS = [
  'tables',
  'partitions',
  'enums',
  'sequences',
  'roles',
  'policies',
  'views',
  'schemas',
] as const;
const SUFFIX = '.json';

/**
 * The tables among these exports; of our own schema only, for the staging schema's live for one
 * stage of one batch.
 */
export function snapshotOf(exports: Record<string, unknown>): Snapshot {
  const partitions = Object.values(exports).flatMap((value) => {
    if (!(value instanceof Partitioned)) return [];
    const { schema, name } = getTableConfig(value.table);
    return [[`${schema}.${name}`, value.by] as const];
  });
  const described = generateDrizzleJson(exports, undefined, ['hub']);
  return { ...described, partitions: Object.fromEntries(partitions) };
}

export const nothing = (): Snapshot => snapshotOf({});

/** The tables as the code under `root` describes them now. */
export async function describeTables(root: string): Promise<Snapshot> {
  const exports: Record<string, unknown> = {};
  for (const file of globSync('schema/**/*.table.ts', { cwd: root }).sort()) {
    const module: Record<string, unknown> = await import(join(root, file));
    for (const [name, value] of Object.entries(module)) exports[`${file}:${name}`] = value;
  }
  return snapshotOf(exports);
}

function filesOf(folder: string): Map<string, string> {
  const paths = KINDS.filter((kind) => existsSync(join(folder, kind))).flatMap((kind) =>
    readdirSync(join(folder, kind))
      .filter((name) => name.endsWith(SUFFIX))
      .map((name) => `${kind}/${name}`),
  );
  return new Map(paths.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}

/** The snapshot kept in `folder`. */
export function readSnapshot(folder: string): Snapshot {
  const kinds: Record<string, Record<string, unknown>> = {};
  for (const [path, text] of filesOf(folder)) {
    const [kind = '', file = ''] = path.split('/');
    kinds[kind] = { ...kinds[kind], [file.slice(0, -SUFFIX.length)]: JSON.parse(text) };
  }
  return { ...nothing(), ...kinds } as Snapshot;
}

/** What `folder` should hold: text by path. */
const textsOf = (snapshot: Snapshot): Map<string, string> =>
  new Map(
    KINDS.flatMap((kind) =>
      Object.entries(snapshot[kind]).map(
        ([name, value]) =>
          [`${kind}/${name}${SUFFIX}`, `${JSON.stringify(value, null, 2)}\n`] as const,
      ),
    ),
  );

/** The files of `folder` that say something else than that snapshot, or should not be there. */
export function differingFiles(folder: string, snapshot: Snapshot): string[] {
  const present = filesOf(folder);
  const wanted = textsOf(snapshot);
  const paths = [...new Set([...present.keys(), ...wanted.keys()])].sort();
  return paths.filter((path) => present.get(path) !== wanted.get(path));
}

/** Brings `folder` to that snapshot; files that say the same already are left alone. */
export function writeSnapshot(folder: string, snapshot: Snapshot): void {
  const wanted = textsOf(snapshot);
  for (const path of differingFiles(folder, snapshot)) {
    const text = wanted.get(path);
    mkdirSync(join(folder, path, '..'), { recursive: true });
    if (text === undefined) rmSync(join(folder, path));
    else writeFileSync(join(folder, path), text);
  }
}
