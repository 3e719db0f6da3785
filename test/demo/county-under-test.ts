/** A county delivered once into a folder that disappears with the test file. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll } from 'vitest';
import type { SourceSettings } from '../../src/base/feed-settings.ts';
import { readFeeds } from '../../src/base/feeds-file.ts';
import type { Secret } from '../../src/base/secret.ts';
import {
  type CountyBook,
  type CountySummary,
  countyBook,
  type Departments,
  deliverCounty,
  fillFrontEnd,
  startDepartments,
  writeFeedsFile,
} from '../../src/demo/index.ts';
import type { Answer } from '../../src/demo/model.ts';

export type CountyUnderTest = { folder: string; summary: CountySummary; answers: Answer[] };

/** The feeds, departments and cases of the hub itself. */
export const BOOK = await countyBook();

export async function county(
  officials: number,
  seed = 1,
  book: CountyBook = BOOK,
): Promise<CountyUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'hub-county-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const options = { officials, seed, until: '2026-06-30', folder };
  const summary = await deliverCounty(options, undefined, book);
  const answers: Answer[] = JSON.parse(readFileSync(join(folder, 'answers.json'), 'utf8'));
  return { folder, summary, answers };
}

/** Paths of all files under the county's folder. */
export const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();

/** One digest over names and bytes of all files. */
export function digestOf(folder: string): string {
  const hash = createHash('sha256');
  for (const file of filesOf(folder))
    hash.update(`${file}\n`).update(readFileSync(join(folder, file)));
  return hash.digest('hex');
}

/** The county's places as an installation would read them: simulator running, front end filled. */
export async function openPlaces(
  folder: string,
  databaseUrl: Secret,
  { departments: offices }: CountyBook = BOOK,
): Promise<{ sources: ReadonlyMap<string, SourceSettings>; departments: Departments }> {
  await fillFrontEnd(folder, databaseUrl, offices);
  const departments = await startDepartments(folder, offices);
  afterAll(() => departments.close());
  const { baseUrl } = departments;
  const path = writeFeedsFile(folder, offices, { baseUrl, databaseUrl: databaseUrl.reveal() });
  return { sources: readFeeds(path, true), departments };
}
