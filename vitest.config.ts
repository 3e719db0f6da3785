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
    pool: 'forks',
    // Every worker may hold a PostgreSQL database and child processes of its own.
    maxWorkers: 3,
  },
});
