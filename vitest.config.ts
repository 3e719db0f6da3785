import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Node takes graphql's CommonJS build; Vite would take the other one, and two copies refuse each other.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/harness/cluster.ts'],
    // These catch what hangs, on a machine that does other work too; how fast it is, the bench says.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // Hundreds of child processes start in a run; compiled code kept between them is a fifth of a start.
    env: {
      NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/node', import.meta.url)),
    },
    pool: 'forks',
    // Every worker may hold a PostgreSQL database and child processes of its own.
    maxWorkers: 3,
  },
});
