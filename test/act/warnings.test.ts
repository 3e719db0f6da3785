import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { addWarningNote } from '../../src/act/add-warning-note.ts';
import { assignWarning } from '../../src/act/assign-warning.ts';
import type { CommandContext } from '../../src/act/command.ts';
import { confirmConclusion } from '../../src/act/confirm-conclusion.ts';
import { proposeConclusion } from '../../src/act/propose-conclusion.ts';
import { returnConclusion } from '../../src/act/return-conclusion.ts';
import { startCorrelation } from '../../src/act/start-correlation.ts';
import { startSync } from '../../src/act/start-sync.ts';
import { officeUnderTest } from './warnings-under-test.ts';

const office = officeUnderTest();

const propose = (context: CommandContext, warningId: string) =>
  proposeConclusion(context, { warningId, conclusion: '漏报', reason: '登记与报告不符' });

async function proposed() {
  const { as, addWarning } = await office.get();
  const warningId = await addWarning();
  await assignWarning(as('wang'), { warningId, to: 'wang' });
  await propose(as('wang'), warningId);
  return warningId;
}

test('a warning goes from new to assigned, proposed and concluded, by two people', async () => {
  const { as, warning, events } = await office.get();
  const warningId = await proposed();
  await confirmConclusion(as('zhao'), { warningId });
  expect(await warning(warningId)).toEqual({
    state: 'concluded',
    assignee_id: 'wang',
    proposed_conclusion: '漏报',
    proposed_by: 'wang',
    conclusion: '漏报',
    concluded_by: 'zhao',
  });
  expect((await events(warningId)).map(({ kind, actor }) => `${kind} ${actor}`)).toEqual([
    'assigned wang',
    'proposed wang',
    'concluded zhao',
  ]);
});

test('a conclusion is proposed by whom the warning is assigned to, or by the head, and by nobody else', async () => {
  const { as, addWarning, warning, events } = await office.get();
  const warningId = await addWarning();
  await assignWarning(as('wang'), { warningId, to: 'wang' });
  for (const other of ['zhao', 'both']) {
    await expect(propose(as(other), warningId)).rejects.toMatchObject({
      code: 'warning.not-yours',
    });
  }
  expect(await warning(warningId)).toMatchObject({ state: 'assigned', proposed_by: null });
  expect((await events(warningId)).map(({ kind }) => kind)).toEqual(['assigned']);
  await propose(as('li'), warningId);
  expect(await warning(warningId)).toMatchObject({ state: 'proposed', proposed_by: 'li' });
  // The head's rank is no second person.
  await expect(confirmConclusion(as('li'), { warningId })).rejects.toMatchObject({
    code: 'warning.same-person',
  });
  // Whom it was assigned to before has no more say than others.
  const moved = await addWarning();
  await assignWarning(as('wang'), { warningId: moved, to: 'wang' });
  await assignWarning(as('wang'), { warningId: moved, to: 'zhao' });
  await expect(propose(as('wang'), moved)).rejects.toMatchObject({ code: 'warning.not-yours' });
  await propose(as('zhao'), moved);
});

test('who proposed a conclusion cannot confirm it', async () => {
  const { as, warning } = await office.get();
  const warningId = await proposed();
  await expect(confirmConclusion(as('wang'), { warningId })).rejects.toMatchObject({
    code: 'warning.same-person',
  });
  expect(await warning(warningId)).toMatchObject({ state: 'proposed' });
});

test('of two people confirming at once, one decides and the other is told', async () => {
  const { as, warning, events } = await office.get();
  const warningId = await proposed();
  const outcomes = await Promise.allSettled([
    confirmConclusion(as('zhao'), { warningId }),
    confirmConclusion(as('both'), { warningId }),
  ]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { code: 'warning.wrong-state', details: { state: 'concluded' } },
  });
  expect((await events(warningId)).filter(({ kind }) => kind === 'concluded')).toHaveLength(1);
  expect((await warning(warningId)).conclusion).toBe('漏报');
});

test('a returned proposal is assigned again and can be proposed anew', async () => {
  const { as, warning, events } = await office.get();
  const warningId = await proposed();
  await returnConclusion(as('zhao'), { warningId, reason: '证据不足' });
  expect(await warning(warningId)).toMatchObject({ state: 'assigned', proposed_by: null });
  await assignWarning(as('wang'), { warningId, to: 'zhao' });
  await propose(as('zhao'), warningId);
  await confirmConclusion(as('wang'), { warningId });
  expect(await events(warningId)).toContainEqual({
    kind: 'returned',
    actor: 'zhao',
    note: '证据不足',
  });
});

test('sending the same command twice changes nothing the second time', async () => {
  const { as, addWarning, events } = await office.get();
  const warningId = await addWarning();
  for (const _ of [1, 2]) await assignWarning(as('wang'), { warningId, to: 'wang' });
  for (const _ of [1, 2]) await propose(as('wang'), warningId);
  for (const _ of [1, 2]) await confirmConclusion(as('zhao'), { warningId });
  expect(await events(warningId)).toHaveLength(3);
});

test.each([
  ['propose before it is assigned', 'new', propose],
  [
    'confirm what nobody proposed',
    'assigned',
    (c: CommandContext, warningId: string) => confirmConclusion(c, { warningId }),
  ],
  [
    'return what nobody proposed',
    'assigned',
    (c: CommandContext, warningId: string) => returnConclusion(c, { warningId, reason: 'x' }),
  ],
  [
    'assign what is proposed',
    'proposed',
    (c: CommandContext, warningId: string) => assignWarning(c, { warningId, to: 'zhao' }),
  ],
  [
    'assign what is concluded',
    'concluded',
    (c: CommandContext, warningId: string) => assignWarning(c, { warningId, to: 'zhao' }),
  ],
  ['propose what is concluded', 'concluded', propose],
])('one cannot %s', async (_, state, command) => {
  const { as, addWarning, warning, events } = await office.get();
  const warningId = await addWarning({ state });
  await expect(command(as('wang'), warningId)).rejects.toMatchObject({
    code: 'warning.wrong-state',
    details: { state },
  });
  expect(await warning(warningId)).toMatchObject({ state });
  expect(await events(warningId)).toEqual([]);
});

const commands: [string, (c: CommandContext, warningId: string) => Promise<unknown>][] = [
  ['assignWarning', (c, warningId) => assignWarning(c, { warningId, to: 'wang' })],
  ['addWarningNote', (c, warningId) => addWarningNote(c, { warningId, note: '注' })],
  ['proposeConclusion', propose],
  ['confirmConclusion', (c, warningId) => confirmConclusion(c, { warningId })],
  ['returnConclusion', (c, warningId) => returnConclusion(c, { warningId, reason: '退' })],
];

test.each(commands)(
  'G11 G17 a warning of another authority is not there, like one that never was: %s',
  async (_, command) => {
    const { as, addWarning, events, warning } = await office.get();
    const hidden = await addWarning({ state: 'proposed' });
    const answers = await Promise.all(
      [hidden, randomUUID(), 'no id at all'].map((id) =>
        command(as('chen'), id).then(
          () => 'done',
          (error: unknown) => JSON.stringify(error),
        ),
      ),
    );
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain('object.not-found');
    expect(await warning(hidden)).toMatchObject({ state: 'proposed', assignee_id: null });
    expect(await events(hidden)).toEqual([]);
  },
);

test.each(commands)('an operator cannot %s', async (_, command) => {
  const { as, addWarning, events } = await office.get();
  const warningId = await addWarning();
  await expect(command(as('ops'), warningId)).rejects.toMatchObject({ code: 'auth.forbidden' });
  expect(await events(warningId)).toEqual([]);
});

test.each(['nobody', 'gone', 'past', 'ops', 'chen'])(
  'G11 a warning cannot be given to one who may not handle it, and all get the same answer: %s',
  async (to) => {
    const { as, addWarning, warning } = await office.get();
    const warningId = await addWarning();
    await expect(assignWarning(as('wang'), { warningId, to })).rejects.toMatchObject({
      code: 'warning.unfit-handler',
      details: { field: 'to' },
    });
    expect(await warning(warningId)).toMatchObject({ state: 'new', assignee_id: null });
  },
);

test.each(['', ' \n ', 'x'.repeat(2001)])('a note says something, and is no book', async (note) => {
  const { as, addWarning } = await office.get();
  const warningId = await addWarning();
  await expect(addWarningNote(as('wang'), { warningId, note })).rejects.toMatchObject({
    code: 'text.length',
    details: { field: 'note' },
  });
});

test('notes may be added in every state, and keep their order', async () => {
  const { as, events } = await office.get();
  const warningId = await proposed();
  await Promise.all(
    ['一', '二', '三'].map((note) => addWarningNote(as('zhao'), { warningId, note })),
  );
  const notes = (await events(warningId)).filter(({ kind }) => kind === 'note');
  expect(notes.map(({ note }) => note).sort()).toEqual(['一', '三', '二']);
});

test('F1 a command and its entry in the access log are one', async () => {
  const { as, addWarning, owner } = await office.get();
  const warningId = await addWarning();
  await assignWarning(as('wang'), { warningId, to: 'zhao' });
  const [person] = await owner`select person_id from hub.warning where warning_id = ${warningId}`;
  const entries = await owner`select actor_id, operation, purpose, outcome from hub.access_log
    where persons = array[${String(person?.person_id)}::uuid]`;
  expect([...entries]).toEqual([
    { actor_id: 'wang', operation: 'assignWarning', purpose: '测试', outcome: 'ok' },
  ]);
});

test('F3 when the entry cannot be written, the command did not happen', async () => {
  const { as, addWarning, owner, warning, events } = await office.get();
  const warningId = await addWarning();
  await owner`revoke insert on hub.access_log from hub_api`;
  await expect(assignWarning(as('wang'), { warningId, to: 'wang' })).rejects.toThrow();
  await owner`grant insert on hub.access_log to hub_api`;
  expect(await warning(warningId)).toMatchObject({ state: 'new', assignee_id: null });
  expect(await events(warningId)).toEqual([]);
});

test('G16 a command leaves nothing of its actor on the connection', async () => {
  const { as, addWarning } = await office.get();
  const warningId = await addWarning();
  const context = as('wang');
  await assignWarning(context, { warningId, to: 'wang' });
  const rows = await Promise.all(
    Array.from({ length: 12 }, () => context.sql`select count(*)::int as n from hub.warning`),
  );
  expect(rows.flatMap(([row]) => row?.n)).toEqual(Array(12).fill(0));
});

test('G17 the API cannot move a warning to another authority or rewrite its history', async () => {
  const { as, addWarning, city } = await office.get();
  const warningId = await addWarning();
  const { sql } = as('wang');
  for (const statement of [
    `update hub.warning set managed_by = '{${city}}' where warning_id = '${warningId}'`,
    `update hub.warning set severity = 'blue' where warning_id = '${warningId}'`,
    'update hub.warning_event set note_zh = null',
    'delete from hub.warning_event',
    'delete from hub.warning',
  ]) {
    await expect(sql.unsafe(statement)).rejects.toMatchObject({ code: '42501' });
  }
});

test('a sync is asked for by operators, for feeds that exist, and the queue is told ids only', async () => {
  const { as, owner } = await office.get();
  await owner`insert into hub.feed (feed_id, title_zh, title_en, publisher_zh, publisher_en,
      agreement_no, legal_basis, purpose, stale_after_days, schedule)
    values ('income', '收入', 'Income', '税务', 'Tax', 'A', 'L', 'P', 30, '0 1 * * *')`;
  const asked: string[] = [];
  const actions = {
    startSync: async (feedId: string, requestedBy: string) => {
      asked.push(`${feedId} by ${requestedBy}`);
      return { syncRunId: 'run-1' };
    },
    startCorrelation: async (asOf: string | undefined, requestedBy: string) => {
      asked.push(`${asOf} by ${requestedBy}`);
      return { nightId: 'night-1' };
    },
  };
  expect(await startSync(as('ops'), actions, 'income')).toBe('run-1');
  expect(await startCorrelation(as('ops'), actions, '2026-06-30')).toBe('night-1');
  expect(asked).toEqual(['income by ops', '2026-06-30 by ops']);
  for (const feedId of ['nowhere', "x' or 1=1", '']) {
    await expect(startSync(as('ops'), actions, feedId)).rejects.toMatchObject({
      code: 'feed.not-found',
    });
  }
  // Without a source, or paused, it says what to write instead of waiting in vain.
  await owner`update hub.feed set is_enabled = false where feed_id = 'income'`;
  await expect(startSync(as('ops'), actions, 'income')).rejects.toMatchObject({
    code: 'feed.without-source',
    message: expect.stringContaining('feeds.income'),
  });
  await expect(startCorrelation(as('ops'), actions, '2026-07-01')).rejects.toMatchObject({
    code: 'night.in-future',
  });
  await expect(startSync(as('wang'), actions, 'income')).rejects.toMatchObject({
    code: 'auth.forbidden',
  });
  expect(asked).toHaveLength(2);
});
