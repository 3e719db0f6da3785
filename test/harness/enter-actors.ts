/** Accounts written straight into their table, as only an administrator's settings can. */
import { setLocal } from '../../src/access/actor.ts';
import { consoleActor } from '../../src/act/actor-row.ts';
import type { Sql } from '../../src/platform/database.ts';

type Entered = {
  id: string;
  name?: string;
  roles: readonly string[];
  authorities: readonly string[];
};

/** `api` is a client of that role; who is there already stays as they are. */
export async function enterActors(api: Sql, actors: readonly Entered[]): Promise<void> {
  await api.begin(async (tx) => {
    await tx.unsafe(setLocal(consoleActor('harness')));
    for (const { id, name = id, roles, authorities } of actors) {
      await tx`insert into hub.actor (actor_id, name, roles, authorities)
        values (${id}, ${name}, ${[...roles]}::text[], ${[...authorities]}::text[])
        on conflict do nothing`;
    }
  });
}
