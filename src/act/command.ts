/**
 * The only way the API changes anything. A command is one transaction: the actor's rights are set for
 * it alone (SET LOCAL), row policies bind it, and its entry in the access log commits with it. If the
 * entry cannot be written, the change did not happen.
 */
import { type Actor, setLocal } from '../access/actor.ts';
import type { Grant } from '../access/grants.ts';
import { grantsOf } from '../access/roles.ts';
import type { Clock } from '../base/clock.ts';
import { HubError } from '../base/errors.ts';
import type { Sql, Transaction } from '../platform/database.ts';

export type CommandContext = {
  /** Of the database role `api`. */
  sql: Sql;
  actor: Actor;
  clock: Clock;
  purpose: string | undefined;
};

export type Command<T> = {
  /** As it stands in the access log. */
  name: string;
  grant: Grant;
  work(tx: Transaction): Promise<T>;
  /** The person it concerned, for the access log. */
  personOf?(result: T): string | undefined;
};

/** Runs a command for an actor; refuses with auth.forbidden before touching the database. */
export async function runCommand<T>(context: CommandContext, command: Command<T>): Promise<T> {
  const { sql, actor, clock, purpose } = context;
  if (!grantsOf(actor.roles).has(command.grant)) throw new HubError('auth.forbidden');
  const outcome = await sql.begin(async (tx) => {
    await tx.unsafe(setLocal(actor));
    const result = await command.work(tx);
    const person = command.personOf?.(result);
    await tx`
      insert into hub.access_log (at, actor_id, operation, purpose, persons, rows, outcome)
      values (${clock.now()}, ${actor.id}, ${command.name}, ${purpose?.slice(0, 200) ?? null},
              ${person === undefined ? [] : [person]}::uuid[], 1, 'ok')`;
    return { result };
  });
  return outcome.result as T;
}
