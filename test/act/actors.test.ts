/** Accounts and their rights: two people give, one takes, nobody changes their own, and all of it stays on record. */
import { expect, test } from 'vitest';
import type { Actor } from '../../src/access/actor.ts';
import { setLocal } from '../../src/access/actor.ts';
import { consoleActor } from '../../src/act/actor-row.ts';
import { addActor } from '../../src/act/add-actor.ts';
import type { CommandContext } from '../../src/act/command.ts';
import { approveGrant, declineGrant } from '../../src/act/decide-grant.ts';
import { disableActor } from '../../src/act/disable-actor.ts';
import { grantActor } from '../../src/act/grant-actor.ts';
import { revokeActor } from '../../src/act/revoke-actor.ts';
import { fixedClock } from '../../src/base/clock.ts';
import { createTestDatabase, type TestDatabase } from '../harness/database.ts';

const clock = fixedClock('2026-06-30T09:00:00+08:00');
const reason = '试验 (a test)';
const NONE = { roles: [], authorities: [] };
const ANALYST = { roles: ['analyst'], authorities: ['county'] };

/** An office with as many administrators as asked for, and the console. */
async function office(administrators: number, use: (o: Office) => Promise<void>) {
  const database = await createTestDatabase();
  const owner = database.as('owner', 1);
  await owner`insert into hub.authority (code, name) values ('city', '市'), ('county', '县')`;
  const api = database.as('api', 4);
  const as = (actor: Actor): CommandContext => ({ sql: api, actor, clock, purpose: '试验' });
  const admins = Array.from({ length: administrators }, (_, n) => `admin${n + 1}`);
  for (const id of admins) {
    await owner`insert into hub.actor (actor_id, name, roles, authorities)
      values (${id}, ${id}, '{administrator}', '{}')`;
  }
  const admin = (n: number) =>
    as({ id: `admin${n}`, name: '', roles: ['administrator'], authorities: [] });
  const held = async (id: string) => {
    const [row] = await owner`select roles, authorities, is_enabled as "isEnabled",
      valid_through::text as "validThrough" from hub.actor where actor_id = ${id}`;
    return row && { ...row };
  };
  const history = async (id: string) =>
    (
      await owner<{ kind: string; by: string }[]>`
        select kind, by_id as by from hub.actor_change where actor_id = ${id} order by change_no`
    ).map(({ kind, by }) => `${kind} by ${by}`);
  try {
    await use({ database, as, console: as(consoleActor('root')), admin, held, history });
  } finally {
    await database.drop();
  }
}
type Office = {
  database: TestDatabase;
  as(actor: Actor): CommandContext;
  console: CommandContext;
  admin(n: number): CommandContext;
  held(id: string): Promise<Record<string, unknown> | undefined>;
  history(id: string): Promise<string[]>;
};

const codeOf = (doing: Promise<unknown>) =>
  doing.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? String(error),
  );
const no = (change: { changeNo?: number }) => String(change.changeNo);

test('the very first account is entered and granted at the console, and the history says by whom', () =>
  office(0, async ({ console: machine, held, history }) => {
    const made = await addActor(machine, { actorId: 'li', name: '李', rights: ANALYST, reason });
    expect(made.kind).toBe('granted');
    expect(await held('li')).toMatchObject(ANALYST);
    expect(await history('li')).toEqual(['entered by console:root', 'granted by console:root']);
  }));

test('the first grant of oversight takes two people: one proposes, another grants, and neither is the one it is for', () =>
  office(2, async ({ admin, as, held, history }) => {
    const made = await addActor(admin(1), { actorId: 'li', name: '李', rights: ANALYST, reason });
    expect(made.kind).toBe('proposed');
    expect(await held('li')).toMatchObject(NONE);
    const decision = { proposalNo: no(made), reason };
    expect(await codeOf(approveGrant(admin(1), decision))).toBe('actor.same-person');
    const li = as({ id: 'li', name: '', roles: ['administrator'], authorities: [] });
    expect(await codeOf(approveGrant(li, decision))).toBe('actor.own-rights');
    expect(await held('li')).toMatchObject(NONE);
    await approveGrant(admin(2), decision);
    expect(await held('li')).toMatchObject(ANALYST);
    expect(await codeOf(approveGrant(admin(2), decision))).toBe('proposal.decided');
    expect(await history('li')).toEqual([
      'entered by admin1',
      'proposed by admin1',
      'granted by admin2',
    ]);
  }));

test('with an administrator in force the console is one of two people, whoever sits at it', () =>
  office(1, async ({ console: machine, as, admin, held }) => {
    const made = await addActor(machine, { actorId: 'li', name: '李', rights: ANALYST, reason });
    expect(made.kind).toBe('proposed');
    const decision = { proposalNo: no(made), reason };
    const colleague = as(consoleActor('colleague'));
    expect(await codeOf(approveGrant(colleague, decision))).toBe('actor.same-person');
    await approveGrant(admin(1), decision);
    expect(await held('li')).toMatchObject(ANALYST);
    const more = await grantActor(admin(1), {
      ...{ actorId: 'li', rights: { roles: ['operator'], authorities: [] }, reason },
    });
    await approveGrant(machine, { proposalNo: no(more), reason });
    expect(await held('li')).toMatchObject({ roles: ['analyst', 'operator'] });
  }));

test('everything that widens is a proposal: a role, an authority, a later day, opening again', () =>
  office(2, async ({ admin, held, database }) => {
    await database.as('owner', 1)`insert into hub.actor
      (actor_id, name, roles, authorities, is_enabled, valid_through)
      values ('li', '李', '{analyst}', '{county}', false, '2026-12-31')`;
    const before = await held('li');
    const wider = [
      { ...NONE, roles: ['operator'] },
      { ...NONE, authorities: ['city'] },
      { ...NONE, validThrough: 'infinity' },
      { ...NONE, enables: true },
    ];
    const made = [];
    for (const rights of wider) {
      made.push(await grantActor(admin(1), { actorId: 'li', rights, reason }));
    }
    expect(made.map(({ kind }) => kind)).toEqual(wider.map(() => 'proposed'));
    expect(await held('li')).toEqual(before);
    for (const change of made) await approveGrant(admin(2), { proposalNo: no(change), reason });
    expect(await held('li')).toEqual({
      roles: ['analyst', 'operator'],
      authorities: ['county', 'city'],
      isEnabled: true,
      validThrough: 'infinity',
    });
    const again = { actorId: 'li', rights: { ...ANALYST, enables: true }, reason };
    expect(await grantActor(admin(1), again)).toEqual({ actorId: 'li', kind: 'unchanged' });
  }));

test('what narrows takes one person and is in force at once; it cannot be used to widen', () =>
  office(1, async ({ admin, held, database }) => {
    await database.as(
      'owner',
      1,
    )`insert into hub.actor (actor_id, name, roles, authorities, valid_through)
      values ('li', '李', '{analyst,operator}', '{county,city}', '2026-12-31')`;
    const revoke = { actorId: 'li', roles: ['operator'], authorities: ['city'], reason };
    await revokeActor(admin(1), { ...revoke, validThrough: '2026-09-30' });
    expect(await held('li')).toEqual({ ...ANALYST, isEnabled: true, validThrough: '2026-09-30' });
    const later = revokeActor(admin(1), { ...revoke, validThrough: '2027-01-01' });
    expect(await codeOf(later)).toBe('actor.revoke-extends');
    await disableActor(admin(1), { actorId: 'li', reason });
    expect(await held('li')).toMatchObject({ isEnabled: false });
  }));

test('nobody changes their own account, by command or past it', () =>
  office(2, async ({ admin, held, database }) => {
    const own = { actorId: 'admin1', reason };
    const tries = [
      grantActor(admin(1), { ...own, rights: ANALYST }),
      revokeActor(admin(1), { ...own, roles: ['administrator'], authorities: [] }),
      disableActor(admin(1), own),
      addActor(admin(1), { ...own, name: 'x', rights: ANALYST }),
    ];
    const codes = await Promise.all(tries.map(codeOf));
    expect(codes).toEqual(tries.map(() => 'actor.own-rights'));
    // The second wall: with the settings of an actor, whatever SQL the API might send.
    const changed = await database.as('api', 1).begin(async (tx) => {
      await tx.unsafe(setLocal(admin(1).actor));
      return tx`update hub.actor set roles = '{analyst}' returning actor_id as id`;
    });
    expect(changed.map(({ id }) => id)).toEqual(['admin2']);
    expect(await held('admin1')).toMatchObject({ roles: ['administrator'] });
  }));

test('who is no administrator gives and takes nothing, by command or past it', () =>
  office(2, async ({ as, held, database }) => {
    const operator = { id: 'ops', name: '', roles: ['operator', 'analyst'], authorities: [1] };
    const asked = { actorId: 'admin1', rights: ANALYST, reason };
    expect(await codeOf(grantActor(as(operator), asked))).toBe('auth.forbidden');
    expect(await codeOf(disableActor(as(operator), asked))).toBe('auth.forbidden');
    const past = database.as('api', 1).begin(async (tx) => {
      await tx.unsafe(setLocal(operator));
      const changed = await tx`update hub.actor set roles = '{operator}' returning 1`;
      const read = await tx`select 1 from hub.actor_change`;
      return [changed.length, read.length];
    });
    expect(await past).toEqual([0, 0]);
    expect(await held('admin1')).toMatchObject({ roles: ['administrator'] });
    const worker = database.as('worker', 1);
    expect(await codeOf(worker`update hub.actor set roles = '{analyst}'`)).toBe('42501');
  }));

test('an administrator holds no other role, whichever comes first', () =>
  office(2, async ({ admin, held, database }) => {
    await database.as('owner', 1)`insert into hub.actor (actor_id, name, roles, authorities)
      values ('li', '李', '{}', '{}')`;
    const give = (role: string, actorId = 'li') =>
      grantActor(admin(1), { actorId, rights: { roles: [role], authorities: [] }, reason });
    expect(await codeOf(give('analyst', 'admin2'))).toBe('actor.exclusive-role');
    // Two proposals, each right by itself: the second is refused where it is granted.
    const first = await give('administrator');
    const second = await give('analyst');
    await approveGrant(admin(2), { proposalNo: no(first), reason });
    const approving = approveGrant(admin(2), { proposalNo: no(second), reason });
    expect(await codeOf(approving)).toBe('actor.exclusive-role');
    expect(await held('li')).toMatchObject({ roles: ['administrator'] });
  }));

test('of two who decide at once one decides; a declined proposal gives nothing', () =>
  office(3, async ({ admin, held, history }) => {
    const made = await addActor(admin(1), { actorId: 'li', name: '李', rights: ANALYST, reason });
    const decision = { proposalNo: no(made), reason };
    const both = await Promise.all([
      codeOf(approveGrant(admin(2), decision)),
      codeOf(approveGrant(admin(3), decision)),
    ]);
    expect(both.sort()).toEqual(['done', 'proposal.decided']);
    const more = await grantActor(admin(1), {
      ...{ actorId: 'li', rights: { ...NONE, authorities: ['city'] }, reason },
    });
    await declineGrant(admin(1), { proposalNo: no(more), reason });
    const late = approveGrant(admin(2), { proposalNo: no(more), reason });
    expect(await codeOf(late)).toBe('proposal.decided');
    expect(await held('li')).toMatchObject(ANALYST);
    expect((await history('li')).at(-1)).toBe('declined by admin1');
  }));

test('what names nothing is refused, and then nothing was entered', () =>
  office(1, async ({ console: machine, held }) => {
    const add = (more: Partial<Parameters<typeof addActor>[1]>) =>
      codeOf(addActor(machine, { actorId: 'li', name: '李', rights: ANALYST, reason, ...more }));
    expect(await add({ rights: { ...ANALYST, roles: ['analist'] } })).toBe('actor.unknown-role');
    expect(await add({ rights: { ...ANALYST, authorities: ['conty'] } })).toBe(
      'actor.unknown-authority',
    );
    expect(await add({ rights: { ...ANALYST, validThrough: '2026-02-30' } })).toBe(
      'date.malformed',
    );
    expect(await add({ reason: ' ' })).toBe('text.length');
    expect(await add({ actorId: '110101199003070011' })).toBe('actor.malformed-id');
    expect(await held('li')).toBeUndefined();
    expect(await add({})).toBe('done');
    expect(await add({})).toBe('actor.exists');
    const unknown = disableActor(machine, { actorId: 'nobody', reason });
    expect(await codeOf(unknown)).toBe('actor.unknown');
  }));

test('F1 F5 every change has its entry in the access log, and its history can be neither changed nor taken away', () =>
  office(0, async ({ console: machine, database, history }) => {
    await addActor(machine, { actorId: 'li', name: '李', rights: ANALYST, reason });
    const entries = await database.as('owner', 1)`
      select actor_id, operation, outcome from hub.access_log`;
    expect(entries.map((each) => ({ ...each }))).toEqual([
      { actor_id: 'console:root', operation: 'addActor', outcome: 'ok' },
    ]);
    const before = await history('li');
    for (const role of ['api', 'worker'] as const) {
      const sql = database.as(role, 1);
      for (const text of [
        'update hub.actor_change set by_id = $$x$$',
        'delete from hub.actor_change',
      ]) {
        expect(await codeOf(sql.unsafe(text))).toBe('42501');
      }
      expect(await codeOf(sql.unsafe('delete from hub.actor'))).toBe('42501');
    }
    // In another's name neither.
    const forged = database.as('api', 1).begin(async (tx) => {
      await tx.unsafe(setLocal(machine.actor));
      await tx`insert into hub.actor_change (actor_id, at, by_id, kind, roles, authorities, reason)
        values ('li', now(), 'admin9', 'granted', '{}', '{}', 'x')`;
    });
    expect(await codeOf(forged)).toBe('42501');
    expect(await history('li')).toEqual(before);
    await database.as('owner', 1)`revoke insert on hub.access_log from hub_api`;
    expect(await codeOf(disableActor(machine, { actorId: 'li', reason }))).toBe('42501');
    expect(await history('li')).toEqual(before);
  }));
