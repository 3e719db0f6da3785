import { defineConfig } from 'drizzle-kit';

/** Tables live beside their GraphQL types; drizzle-kit reads the `*.table.ts` files only. */
export default defineConfig({
  dialect: 'postgresql',
  schema: './schema/**/*.table.ts',
  out: './migrations',
  schemaFilter: ['hub'],
});
