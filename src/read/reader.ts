/**
 * The only way the API reads. A query whose fields are all answered by SQL is one statement, and the
 * text PostgreSQL wrote is the answer. Where resolvers take part, each SQL-backed root field (or
 * object of a mutation's payload) is one statement and its children read the parsed answer by
 * response key.
 */

import type { GraphQLSchema } from 'graphql';
import { type GraphQLResolveInfo, isObjectType } from 'graphql';
import { type Actor, settingsKey } from '../access/actor.ts';
import { grantsOf, ROLES, type RoleTable } from '../access/roles.ts';
import type { Clock } from '../base/clock.ts';
import { HubError } from '../base/errors.ts';
import type { Secret } from '../base/secret.ts';
import { connect, type Sql } from '../platform/database.ts';
import { isDistributed } from '../platform/server-kind.ts';
import { traced } from '../platform/trace.ts';
import { type Compilation, type Run, start } from './compilation.ts';
import { byIdSql } from './compile-node.ts';
import { COST_LIMITS, type CostLimits } from './cost.ts';
import type { TypeExtensions } from './field-plan.ts';
import { type Lanes, openLanes } from './lanes.ts';
import { type Answer, takePersons } from './persons.ts';
import {
  type Asked,
  asRequestError,
  type Cost,
  createPlanner,
  type Plan,
  type Request,
} from './plan.ts';
import { asReadError } from './read-error.ts';
import { finish, rootStatement, type Statement } from './statement.ts';

export type ReaderOptions = {
  schema: GraphQLSchema;
  databaseUrl: Secret;
  identityKey: Secret;
  clock: Clock;
  /** Connections to PostgreSQL; about twice its processors. */
  lanes?: number;
  timeLimitMs?: number;
  roles?: RoleTable;
  limits?: CostLimits;
  /** Whether the server spreads tables over others; asked of it where not given. */
  isDistributed?: boolean;
};

/** Takes the persons whose rows were read on the way. */
export type Seen = Pick<Set<string>, 'add'>;

export type Reader = {
  /** What an operation counts for; throws request.too-costly. */
  costOf(request: Asked): Cost;
  planOperation(request: Request): Plan | undefined;
  /** The value of `data`, as JSON text, and whose rows it shows. */
  runPlan(plan: Plan, signal?: AbortSignal): Promise<Answer>;
  /**
   * Equal for questions that show the same, as long as the data stay as they are: the settings of the
   * actor and the bound values, in which an identity number is a key already.
   */
  questionOf(plan: Plan): string;
  /** A root field of its own, where the operation also has resolvers. */
  rootField<T>(info: GraphQLResolveInfo, actor: Actor, seen: Seen): Promise<T>;
  /** What was selected of one object, by its global id; for payloads of mutations. */
  object<T>(info: GraphQLResolveInfo, globalId: string, actor: Actor, seen: Seen): Promise<T>;
  close(): Promise<void>;
};

/**
 * Plans do not depend on whose rows they are; planning again would cost more than the query. Where
 * tables are spread, the parameters say which server to ask.
 */
const PLANNED_ONCE = { plan_cache_mode: 'force_generic_plan' };

async function ofServer(open: () => Sql): Promise<boolean> {
  const sql = open();
  try {
    return await isDistributed(sql);
  } finally {
    await sql.end({ timeout: 2 });
  }
}

const DEFAULT_LANES = 10;
const DEFAULT_TIME_LIMIT_MS = 15_000;

export function createReader(options: ReaderOptions): Reader {
  const { schema, databaseUrl, identityKey, clock, roles = ROLES } = options;
  const open = (more: Readonly<Record<string, string>>): Sql =>
    connect(databaseUrl, {
      role: 'api',
      max: 1,
      name: 'hub-read',
      settings: {
        default_transaction_read_only: 'on',
        statement_timeout: String(options.timeLimitMs ?? DEFAULT_TIME_LIMIT_MS),
        jit: 'off',
        ...more,
      },
    });
  const openAll = async (): Promise<Lanes> => {
    const spreads = options.isDistributed ?? (await ofServer(() => open({})));
    const more = spreads ? {} : PLANNED_ONCE;
    return openLanes(() => open(more), options.lanes ?? DEFAULT_LANES, { spreads });
  };
  let lanes: Promise<Lanes> | undefined;
  const opened = (): Promise<Lanes> => {
    lanes ??= openAll().catch((error: unknown) => {
      lanes = undefined;
      throw asReadError(error);
    });
    return lanes;
  };
  const { costOf, planOperation } = createPlanner(schema, roles, options.limits ?? COST_LIMITS);
  const runtime = () => ({ identityKey, today: clock.today() });

  const ask = async (statement: Statement, run: Omit<Run, 'runtime'>, signal?: AbortSignal) => {
    const text = await (await opened()).ask({
      actor: run.actor,
      query: { text: statement.text, values: valuesOf(statement, run) },
      signal,
    });
    return statement.hasPersons ? takePersons(text) : { text, persons: [] };
  };
  const valuesOf = (statement: Statement, run: Omit<Run, 'runtime'>) => {
    const bound: Run = { ...run, runtime: runtime() };
    return statement.bounds.map((each) => each(bound));
  };
  const read = async (statement: Statement, run: Omit<Run, 'runtime'>, seen: Seen) => {
    const { text, persons } = await ask(statement, run);
    for (const person of persons) seen.add(person);
    return JSON.parse(text);
  };

  const compilationFor = (info: GraphQLResolveInfo, actor: Actor): Compilation =>
    start({
      schema,
      fragments: info.fragments,
      variables: info.variableValues,
      grants: grantsOf(actor.roles, roles),
    });

  return {
    costOf,
    planOperation,
    async runPlan({ statement, variables, actor }, signal) {
      return ask(statement, { actor, variables }, signal);
    },
    questionOf: ({ statement, variables, actor }) =>
      `${settingsKey(actor)}\n${JSON.stringify(valuesOf(statement, { actor, variables }))}`,
    async rootField(info, actor, seen) {
      try {
        const c = compilationFor(info, actor);
        const fields = new Map([['v', [...info.fieldNodes]]]);
        const statement = rootStatement(c, info.parentType, fields);
        const answer = await traced('statement', { 'hub.fields': info.fieldName }, () =>
          read(statement, { actor, variables: info.variableValues }, seen),
        );
        return Reflect.get(answer, 'v');
      } catch (error) {
        throw asRequestError(error);
      }
    },
    async object(info, globalId, actor, seen) {
      const type = schema.getType(globalId.slice(0, globalId.indexOf(':')));
      // Written by the builder's helper for types with ids; graphql-js knows it as unknown.
      const source = isObjectType(type) && (type.extensions as Partial<TypeExtensions>).source;
      if (!source) throw new HubError('internal');
      const c = compilationFor(info, actor);
      const use = { nodes: info.fieldNodes, place: { t: '' } };
      const select = byIdSql(
        c,
        { type, source },
        use,
        (transform) => `$${c.bounds.push((run) => transform(globalId, run.runtime))}`,
      );
      // Of an object that is not there, or not to be seen, the answer is null, and so is its text.
      const statement = finish(c, `select coalesce(${select}, 'null'::json) as j`);
      return read(statement, { actor, variables: info.variableValues }, seen);
    },
    close: async () => (await lanes)?.close(),
  };
}

/** Children of a SQL-backed object: the parent was made by response keys. */
export function byResponseKey<T>(
  parent: object,
  _args: unknown,
  _context: unknown,
  info: GraphQLResolveInfo,
): T {
  return Reflect.get(parent, info.path.key);
}
