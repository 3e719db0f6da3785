import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Node takes graphql's CommonJS build; Vite would take the other one, and two copies refuse each other.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/harness/cluster.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    // Every worker may hold a PostgreSQL database and child processes of its own.
    maxWorkers: 3,
  },
});
