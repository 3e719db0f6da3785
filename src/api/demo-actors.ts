/** Three people who work in the demo county: two analysts of different rank, and an operator. */
import type { Sql } from '../platform/database.ts';

export const DEMO_ACTORS = [
  { id: 'analyst', name: '县级分析员', roles: ['analyst'], authorities: ['county'] },
  { id: 'city-analyst', name: '市级分析员', roles: ['analyst'], authorities: ['city', 'county'] },
  { id: 'operator', name: '数据运维员', roles: ['operator'], authorities: [] },
] as const;

/** Enters the demo's actors; `sql` belongs to the role `worker`. Safe to run again. */
export async function registerDemoActors(sql: Sql): Promise<void> {
  for (const { id, name, roles, authorities } of DEMO_ACTORS) {
    await sql`
      insert into hub.actor (actor_id, name, roles, authorities)
      values (${id}, ${name}, ${[...roles]}::text[], ${[...authorities]}::text[])
      on conflict (actor_id) do nothing`;
  }
}
