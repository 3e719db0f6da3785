/** A county with two authorities, people who work there, and warnings to decide. */
import { randomUUID } from 'node:crypto';
import type { Actor } from '../../src/access/actor.ts';
import type { CommandContext } from '../../src/act/command.ts';
import { fixedClock } from '../../src/base/clock.ts';
import type { Sql } from '../../src/platform/database.ts';
import { testDatabase } from '../harness/database.ts';

export const clock = fixedClock('2026-06-30T09:00:00+08:00');

export type Office = {
  owner: Sql;
  county: number;
  city: number;
  /** A command context of a person in this office. */
  as(actorId: string): CommandContext;
  addWarning(more?: { managedBy?: number[]; state?: string }): Promise<string>;
  warning(id: string): Promise<Record<string, unknown>>;
  events(id: string): Promise<{ kind: string; actor: string; note: string | null }[]>;
};

const ACTORS = [
  ['wang', ['analyst'], ['county']],
  ['zhao', ['analyst'], ['county']],
  ['chen', ['analyst'], ['city']],
  ['both', ['analyst'], ['city', 'county']],
  ['li', ['analyst', 'head'], ['county']],
  ['ops', ['operator'], []],
  ['gone', ['analyst'], ['county']],
  ['past', ['analyst'], ['county']],
] as const;

async function openOffice(database: ReturnType<typeof testDatabase>): Promise<Office> {
  const { as } = await database.get();
  const owner = as('owner', 2);
  const api = as('api', 4);
  const ids = new Map<string, number>();
  for (const code of ['city', 'county']) {
    const [row] = await owner`insert into hub.authority (code, name) values (${code}, ${code})
      returning authority_id as id`;
    ids.set(code, Number(row?.id));
  }
  const idOf = (code: string) => ids.get(code) ?? 0;
  const actors = new Map<string, Actor>();
  for (const [id, roles, authorities] of ACTORS) {
    await owner`insert into hub.actor (actor_id, name, roles, authorities, is_enabled, valid_through)
      values (${id}, ${id}, ${[...roles]}::text[], ${[...authorities]}::text[], ${id !== 'gone'},
        ${id === 'past' ? '2026-06-29' : 'infinity'}::date)`;
    actors.set(id, { id, name: id, roles, authorities: authorities.map(idOf) });
  }
  return {
    owner,
    county: idOf('county'),
    city: idOf('city'),
    as(actorId) {
      const actor = actors.get(actorId);
      if (!actor) throw new Error(`no actor ${actorId}`);
      return { sql: api, actor, clock, purpose: '测试' };
    },
    async addWarning({ managedBy = [idOf('county')], state = 'new' } = {}) {
      const id = randomUUID();
      await owner`insert into hub.warning (warning_id, person_id, rule_id, rule_version, kit_version, period,
          severity, state, question_zh, question_en, facts, first_seen_on, last_seen_on, managed_by)
        values (${id}, ${randomUUID()}, 'A01', 1, 1, '2025', 'red', ${state}, '问', 'Why', '[]',
          '2026-06-30', '2026-06-30', ${managedBy}::smallint[])`;
      return id;
    },
    async warning(id) {
      const [row] = await owner`select state, assignee_id, proposed_conclusion, proposed_by,
        conclusion, concluded_by from hub.warning where warning_id = ${id}`;
      return { ...row };
    },
    async events(id) {
      return [
        ...(await owner<{ kind: string; actor: string; note: string | null }[]>`
          select kind, actor_id as actor, note_zh as note from hub.warning_event
          where warning_id = ${id} order by event_no`),
      ];
    },
  };
}

/** Call once at the top of a test file. */
export function officeUnderTest(): { get(): Promise<Office> } {
  const database = testDatabase();
  let office: Promise<Office> | undefined;
  return {
    get() {
      office ??= openOffice(database);
      return office;
    },
  };
}
