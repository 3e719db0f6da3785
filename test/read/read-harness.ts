/** A seeded county and readers over it, for the tests of the read path. */
import { parse } from 'graphql';
import { afterAll } from 'vitest';
import { schema } from '../../schema/index.ts';
import type { Actor } from '../../src/access/actor.ts';
import type { RoleTable } from '../../src/access/roles.ts';
import { fixedClock } from '../../src/base/clock.ts';
import { HubError } from '../../src/base/errors.ts';
import { createReader, type Reader } from '../../src/read/index.ts';
import { type TestDatabase, testDatabase } from '../harness/database.ts';
import { IDENTITY_KEY, seedCounty } from './seed-county.ts';

export type Answer = Readonly<Record<string, unknown>>;
export type Ask = (
  actor: Actor,
  text: string,
  variables?: Readonly<Record<string, unknown>>,
) => Promise<Answer>;

export type Stage = {
  database: TestDatabase;
  reader: Reader;
  actors: Readonly<Record<'county' | 'city' | 'both' | 'ops', Actor>>;
  ask: Ask;
};

const CITY = 1;
const COUNTY = 2;
const actor = (id: string, roles: string[], authorities: number[]): Actor => ({
  ...{ id, roles, authorities },
  name: id,
});

export const ACTORS = {
  county: actor('county', ['analyst'], [COUNTY]),
  city: actor('city', ['analyst'], [CITY]),
  both: actor('both', ['analyst'], [CITY, COUNTY]),
  ops: actor('ops', ['operator'], []),
};

const parsed = new Map<string, ReturnType<typeof parse>>();

/** The same text is the same document, as it is in Apollo's document store. */
export function documentOf(text: string) {
  const document = parsed.get(text) ?? parse(text);
  parsed.set(text, document);
  return document;
}

export const askWith =
  (reader: Reader): Ask =>
  async (who, text, variables = {}) => {
    const document = documentOf(text);
    const plan = reader.planOperation({ document, operationName: null, variables, actor: who });
    if (!plan) throw new Error('not one statement');
    return JSON.parse((await reader.runPlan(plan)).text);
  };

export type StageOptions = { officials?: number; city?: number; lanes?: number; roles?: RoleTable };

/** Call once at the top of a test file. */
export function stage({ officials = 12, city = 4, lanes = 3, roles }: StageOptions = {}) {
  const database = testDatabase();
  let made: Promise<Stage> | undefined;
  const make = async (): Promise<Stage> => {
    const db = await database.get();
    const sql = db.as('worker', 1);
    await seedCounty({ sql, api: db.as('api', 1), officials, city });
    const reader = createReader({
      schema,
      lanes,
      databaseUrl: db.logins.api,
      identityKey: IDENTITY_KEY,
      clock: fixedClock('2026-06-30T10:00:00+08:00'),
      ...(roles ? { roles } : {}),
    });
    return { database: db, reader, actors: ACTORS, ask: askWith(reader) };
  };
  afterAll(async () => {
    await (await made)?.reader.close();
  });
  return {
    get() {
      made ??= make();
      return made;
    },
  };
}

/** The code a refusal carries, or `ok`. */
export async function outcome(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
    return 'ok';
  } catch (error) {
    if (error instanceof HubError) return error.code;
    throw error;
  }
}
