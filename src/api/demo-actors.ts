/** Three people who work in the demo county: two analysts of different rank, and an operator. */
import { consoleActor } from '../act/actor-row.ts';
import { addActor } from '../act/add-actor.ts';
import { type Clock, systemClock } from '../base/clock.ts';
import type { Sql } from '../platform/database.ts';

export const DEMO_ACTORS = [
  { id: 'analyst', name: '县级分析员', roles: ['analyst'], authorities: ['county'] },
  { id: 'city-analyst', name: '市级分析员', roles: ['analyst'], authorities: ['city', 'county'] },
  { id: 'operator', name: '数据运维员', roles: ['operator'], authorities: [] },
] as const;

const REASON = '演示人员 (of the demo)';

/** Enters the demo's actors; `sql` belongs to the role `api`. Safe to run again. */
export async function registerDemoActors(sql: Sql, clock: Clock = systemClock): Promise<void> {
  const context = { sql, actor: consoleActor('demo'), clock, purpose: REASON };
  const present = await sql<{ id: string }[]>`select actor_id as id from hub.actor`;
  for (const { id: actorId, name, roles, authorities } of DEMO_ACTORS) {
    if (present.some(({ id }) => id === actorId)) continue;
    await addActor(context, { actorId, name, rights: { roles, authorities }, reason: REASON });
  }
}
