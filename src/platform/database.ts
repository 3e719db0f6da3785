/**
 * Connections to PostgreSQL. Every connection belongs to one database role: `api` and `worker` are
 * bound by row policies, `owner` migrates. Two kinds of client are kept apart because drizzle
 * changes the parsers of the client it is given: raw SQL goes through `connect`.
 */

import type { Secret } from '../base/secret.ts';
import { postgres, type Sql, type Transaction } from './driver.ts';
import { promptSockets } from './prompt-socket.ts';

export type { Sql, Transaction };
export type DatabaseRole = 'owner' | 'api' | 'worker';

const ROLE_NAMES = { owner: undefined, api: 'hub_api', worker: 'hub_worker' } as const;

export type ConnectOptions = {
  role: DatabaseRole;
  max?: number;
  /** Shows in pg_stat_activity; never holds anything about a person. */
  name?: string;
  /** More settings of each connection, e.g. statement_timeout. */
  settings?: Readonly<Record<string, string>>;
};

/** A server that is away is told of in time, and found soon after it is back; requests wait meanwhile. */
const CONNECT_TIMEOUT_S = 5;
const LONGEST_PAUSE_S = 1;

const keepText = { serialize: (value: string) => value, parse: (value: string) => value };

export function connect(
  url: Secret,
  { role, max = 4, name = `hub-${role}`, settings }: ConnectOptions,
): Sql {
  const roleName = ROLE_NAMES[role];
  return postgres(url.reveal(), {
    max,
    onnotice: () => undefined,
    connect_timeout: CONNECT_TIMEOUT_S,
    backoff: (failures: number) => Math.min(3 ** failures / 100, LONGEST_PAUSE_S),
    ...promptSockets(),
    // Dates stay calendar dates: a Date object would shift them by the process's time zone.
    types: { date: { to: 1082, from: [1082], ...keepText } },
    connection: {
      application_name: name,
      search_path: 'hub, staging',
      timezone: 'Asia/Shanghai',
      ...(roleName ? { role: roleName } : {}),
      ...settings,
    },
  }) as unknown as Sql;
}
