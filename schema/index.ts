/** The schema: every type of every concept, built once. Defines no type. */
import './scalars.ts';
import './access/access.type.ts';
import './feed/feed.type.ts';
import './person/person.type.ts';
import './warning/night.type.ts';
import './warning/rule.type.ts';
import './warning/warning.type.ts';
import './warning/warning-count.type.ts';
import './warning/warning.mutations.type.ts';
import './feed/feed.mutations.type.ts';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { builder } from './builder.ts';

export const schema = builder.toSchema({ sortSchema: false });

/** The text committed as schema.graphql. */
export const printedSchema = (): string => `${printSchema(lexicographicSortSchema(schema))}\n`;
