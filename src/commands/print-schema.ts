/** hub print-schema: writes the GraphQL schema in its own language, for readers and for git. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { printedSchema } from '../../schema/index.ts';
import { parse } from './options.ts';

const FILE = fileURLToPath(new URL('../../schema/schema.graphql', import.meta.url));

export async function run(args: readonly string[]): Promise<number> {
  parse(args, {});
  writeFileSync(FILE, printedSchema());
  process.stdout.write('schema/schema.graphql\n');
  return 0;
}
