/**
 * connectors/<feed>/ordinary.yml: what a feed's facts look like where nothing is remarkable. A case
 * names only what matters; everything else about its people comes from here. A feed without the file
 * is ordinary by its types alone.
 *
 * Texts may hold `{n}` (a number of its own for each row), `{case}` (six digits, one for each case),
 * `{unit}`, `{unitName}` and, of the person the row is about, `{name}`, `{idNumber}`, `{sex}`, `{bornOn}`.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Connector } from '../../connectors/kit/index.ts';
import { HubError } from '../base/errors.ts';

const value = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]);
const row = z.record(z.string(), value);

/** A row that stands beside another in ordinary life; its texts may name the other's fields. */
const neighbour = z.strictObject({
  fact: z.string(),
  row,
  /** Only where the other row has one of these values. */
  when: z.record(z.string(), z.array(z.string())).default({}),
});
export type Neighbour = z.infer<typeof neighbour>;

const ordinaryKind = z.strictObject({
  /** Values of a row where the case says nothing. */
  row: row.default({}),
  /** To have such a row at all is remarkable (a business of an official): in ordinary life nobody has. */
  isRemarkable: z.boolean().default(false),
  /** Rows every case's official has, unless the case names such rows or goes `without` them. */
  always: z.array(row).default([]),
  /** For rows that bring another person in: the field that refers to that person. */
  introduces: z.string().optional(),
  /** Words by which cases name such persons, and what their row says. */
  roles: z.record(z.string(), row).default({}),
  /** Rows without which this one could not be delivered (the document of a border crossing). */
  needs: z.array(neighbour).default([]),
  /** Rows found beside it in ordinary life; left out where the case's rule reads such rows. */
  beside: z.array(neighbour).default([]),
});
export type OrdinaryKind = z.infer<typeof ordinaryKind>;

const file = z.record(z.string(), ordinaryKind);

export const NOTHING_SAID: OrdinaryKind = ordinaryKind.parse({});

/** What a feed says of ordinary life, by kind of fact. */
export function readOrdinary({ id, folder }: Connector): Readonly<Record<string, OrdinaryKind>> {
  const path = join(folder, 'ordinary.yml');
  if (!existsSync(path)) return {};
  const read = file.safeParse(parse(readFileSync(path, 'utf8')));
  if (read.success) return read.data;
  const places = read.error.issues.map((issue) => issue.path.join('.')).join(', ');
  throw new HubError('feed.manifest-invalid', { feed: id, reason: `ordinary.yml: ${places}` });
}
