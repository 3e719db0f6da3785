/**
 * The schema: every `*.type.ts` below this folder, whatever concepts there are. Defines no type.
 */
import { readdirSync } from 'node:fs';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { builder } from './builder.ts';
import './scalars.ts';

const HERE = new URL('./', import.meta.url);

/** By name, so that every machine builds the same schema. */
const typeFiles = readdirSync(HERE, { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.type.ts'))
  .sort();
for (const name of typeFiles) await import(new URL(name, HERE).href);

export const schema = builder.toSchema({ sortSchema: false });

/** The text committed as schema.graphql. */
export const printedSchema = (): string => `${printSchema(lexicographicSortSchema(schema))}\n`;
