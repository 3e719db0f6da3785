/** A schema of a few fields, enough to ask every question about the server itself. */
import {
  GraphQLEnumType,
  GraphQLID,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
} from 'graphql';
import type { ServerContext } from '../../src/api/server.ts';
import { HubError } from '../../src/base/errors.ts';
import type { Writer } from '../../src/read/index.ts';

/** A well-formed ID number nobody has; it must never come back. */
export const CANARY = '110101199003071233';

/** While somebody holds it, `dossier { waits }` is not answered. */
export const DOSSIER_LOCK = 4242;
/** While somebody holds it, there is no dossier. */
export const DOSSIER_GONE = 4243;

export type StandIn = { schema: GraphQLSchema; ran: string[] };

const open = { extensions: { grant: 'self.read' } };

export function standInSchema(): StandIn {
  const ran: string[] = [];
  const note = (name: string) => ran.push(name);

  const Colour = new GraphQLEnumType({ name: 'Colour', values: { RED: {}, YELLOW: {} } });
  const Thing: GraphQLObjectType = new GraphQLObjectType({
    name: 'Thing',
    fields: () => ({
      name: { type: GraphQLString, ...open, resolve: () => note('name') && '物' },
      thing: { type: Thing, ...open, resolve: () => note('thing') && {} },
      things: pages(),
      list: { type: new GraphQLList(Thing), ...open, resolve: () => note('list') && [{}] },
    }),
  });
  const Page = new GraphQLObjectType({
    name: 'Page',
    fields: () => ({
      nodes: { type: new GraphQLList(Thing), ...open, resolve: () => note('nodes') && [{}] },
    }),
  });
  const pages = () => ({
    type: Page,
    ...open,
    args: { first: { type: GraphQLInt, defaultValue: 20 } },
    resolve: () => note('things') && {},
  });
  const planned = (sql: string) => ({
    type: GraphQLString,
    extensions: { grant: 'self.read', plan: { kind: 'value', sql: () => sql } },
  });
  const Dossier = new GraphQLObjectType({
    name: 'Dossier',
    fields: {
      name: planned(`'来自 SQL'::text`),
      broken: planned(`(select 1 / (count(*) - count(*)) from pg_class)::text`),
      /** Answered when nobody else holds the lock. */
      waits: planned(`(select 'x' from pg_advisory_xact_lock_shared(${DOSSIER_LOCK}))`),
    },
  });
  const dossier = {
    type: Dossier,
    args: { id: { type: GraphQLID } },
    extensions: {
      grant: 'self.read',
      plan: {
        kind: 'row',
        rows: (_: string, t: string, w: Writer) => ({
          from: `(select 1) ${t}`,
          where: [
            `${w.bind(['id'])}::text like 'Cadre:6%' and pg_try_advisory_xact_lock_shared(${DOSSIER_GONE})`,
          ],
          person: `substr(${w.bind(['id'])}::text, 7)::uuid`,
        }),
      },
    },
  };
  /** Asks the database by a connection of the server's own. */
  const works = {
    type: GraphQLString,
    ...open,
    resolve: async (_: unknown, __: unknown, { commands }: ServerContext) =>
      (await commands.sql<{ x: string }[]>`select 'x' as x`)[0]?.x,
  };
  const Query = new GraphQLObjectType({
    name: 'Query',
    fields: {
      works,
      hello: { type: GraphQLString, ...open, resolve: () => note('hello') && '你好' },
      planned: planned(`'来自 SQL {"'::text`),
      slow: planned(`(select 'x' from pg_sleep(30))`),
      dossier,
      person: { type: Thing, ...open, args: { id: { type: GraphQLID } }, resolve: () => ({}) },
      thing: { type: Thing, ...open, resolve: () => note('thing') && {} },
      things: pages(),
      list: { type: new GraphQLList(Thing), ...open, resolve: () => note('list') && [{}] },
      number: {
        type: GraphQLString,
        ...open,
        args: {
          n: { type: new GraphQLNonNull(GraphQLInt) },
          colour: { type: Colour },
        },
        resolve: () => note('number') && 'x',
      },
      refused: {
        type: GraphQLString,
        ...open,
        resolve: () => {
          throw new HubError('object.not-found', {}, new Error(CANARY));
        },
      },
      database: {
        type: GraphQLString,
        ...open,
        resolve: async (_, __, { commands }: ServerContext) => {
          await commands.sql`select * from hub.nowhere where id_number = ${CANARY}`;
        },
      },
      constraint: {
        type: GraphQLString,
        ...open,
        resolve: async (_, __, { commands }: ServerContext) => {
          await commands.sql`select ${CANARY}::uuid`;
        },
      },
      rude: {
        type: GraphQLString,
        ...open,
        resolve: () => {
          throw `text ${CANARY}`;
        },
      },
    },
  });
  const Mutation = new GraphQLObjectType({
    name: 'Mutation',
    fields: {
      works,
      change: { type: GraphQLString, ...open, resolve: () => note('change') && 'ok' },
    },
  });
  return { schema: new GraphQLSchema({ query: Query, mutation: Mutation }), ran };
}
