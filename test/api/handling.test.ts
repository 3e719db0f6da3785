/** Handling a warning over the API, as its clients see it: what may be done, what was done, and why not. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { schema } from '../../schema/index.ts';
import { enterActors } from '../harness/enter-actors.ts';
import { apiUnderTest, entriesOf } from './api-under-test.ts';

const api = apiUnderTest({ realSchema: schema });

const PEOPLE = [
  { id: 'wang', roles: ['analyst'], authorities: ['here'] },
  { id: 'zhao', roles: ['analyst'], authorities: ['here'] },
  { id: 'chen', roles: ['analyst'], authorities: ['there'] },
  { id: 'li', roles: ['analyst', 'head'], authorities: ['here'] },
];

/** Who may see and handle what, and a way to add warnings of either authority. */
async function office() {
  const opened = await api.get();
  const owner = opened.database.as('owner', 1);
  await owner`insert into hub.authority (code, name) values ('here', '本县'), ('there', '邻县')
    on conflict do nothing`;
  await enterActors(opened.database.as('api', 1), PEOPLE);
  const add = async (state = 'new', authority = 'here') => {
    const id = randomUUID();
    await owner`insert into hub.warning (warning_id, person_id, rule_id, rule_version, kit_version,
        period, severity, state, question_zh, question_en, facts, first_seen_on, last_seen_on, managed_by)
      select ${id}, ${randomUUID()}, 'A01', 1, 1, '2025', 'red', ${state}, '问', 'Why', '[]',
        '2026-06-30', '2026-06-30', array[authority_id] from hub.authority where code = ${authority}`;
    return `Warning:${id}`;
  };
  const ask = async (actor: string, query: string, variables: Record<string, string> = {}) => {
    const { data, errors } = await opened.post(query, { actor, variables });
    return errors ? String(errors[0]?.extensions?.hubCode) : (data as Record<string, never>);
  };
  return { ...opened, owner, add, ask };
}

const NOW = `query ($id: ID!) { warning(id: $id) { state
  assignee { account } proposedBy { account } concludedBy { account } conclusion
  actions { action isAllowed reasonZh reasonEn } assignableActors { account }
  events { nodes { kind actor { account } assignee { account } conclusion noteZh } } } }`;
const CHANGED = 'outcome userErrors { code field messageZh messageEn } warning { state }';
const command = (name: string, more = '') =>
  `mutation ($id: ID!) { it: ${name}(input: { id: $id ${more} }) { ${CHANGED} } }`;
const ASSIGN = command('assignWarning', 'to: "wang"');
const PROPOSE = command('proposeConclusion', 'conclusion: OMISSION, reason: "登记与报告不符"');
const CONFIRM = command('confirmConclusion');

const allowed = ({
  warning,
}: {
  warning?: { actions: { action: string; isAllowed: boolean }[] };
}) => warning?.actions.filter(({ isAllowed }) => isAllowed).map(({ action }) => action);
const refusal = (code: string, field: string | null, state: string | null) => ({
  it: {
    outcome: 'REFUSED',
    userErrors: [{ code, field: field === null ? null : ['input', field] }],
    warning: state === null ? null : { state },
  },
});
const done = (state: string) => ({ it: { outcome: 'DONE', userErrors: [], warning: { state } } });

test('a warning from assign to conclusion by two people, seen by both', async () => {
  const { add, ask } = await office();
  const id = await add();
  const seenBy = async (actor: string) => (await ask(actor, NOW, { id })) as never;
  expect(allowed(await seenBy('wang'))).toEqual(['ASSIGN', 'NOTE']);
  expect(await ask('zhao', ASSIGN, { id })).toMatchObject(done('ASSIGNED'));
  expect(allowed(await seenBy('wang'))).toEqual(['ASSIGN', 'NOTE', 'PROPOSE']);
  expect(allowed(await seenBy('zhao'))).toEqual(['ASSIGN', 'NOTE']);
  expect(await ask('zhao', PROPOSE, { id })).toMatchObject(
    refusal('WARNING_NOT_YOURS', 'id', 'ASSIGNED'),
  );
  expect(await ask('wang', PROPOSE, { id })).toMatchObject(done('PROPOSED'));
  expect(allowed(await seenBy('wang'))).toEqual(['NOTE', 'RETURN']);
  expect(allowed(await seenBy('zhao'))).toEqual(['NOTE', 'CONFIRM', 'RETURN']);
  expect(await ask('wang', CONFIRM, { id })).toMatchObject(
    refusal('WARNING_SAME_PERSON', 'id', 'PROPOSED'),
  );
  expect(await ask('zhao', CONFIRM, { id })).toMatchObject(done('CONCLUDED'));
  for (const actor of ['wang', 'zhao']) {
    expect(await seenBy(actor)).toMatchObject({
      warning: {
        ...{ state: 'CONCLUDED', conclusion: 'OMISSION', assignee: { account: 'wang' } },
        ...{ proposedBy: { account: 'wang' }, concludedBy: { account: 'zhao' } },
        events: {
          nodes: [
            { kind: 'ASSIGNED', actor: { account: 'zhao' }, assignee: { account: 'wang' } },
            {
              ...{ kind: 'PROPOSED', actor: { account: 'wang' }, assignee: null },
              ...{ conclusion: 'OMISSION', noteZh: '登记与报告不符' },
            },
            { kind: 'CONCLUDED', actor: { account: 'zhao' }, conclusion: 'OMISSION' },
          ],
        },
      },
    });
    expect(allowed(await seenBy(actor))).toEqual(['NOTE']);
  }
  // Once more is no change, and said so.
  expect(await ask('zhao', CONFIRM, { id })).toMatchObject({ it: { outcome: 'UNCHANGED' } });
});

test('what a warning says may be done is what the commands do, and its reason is their sentence', async () => {
  const { add, ask, owner } = await office();
  const commands: Record<string, string> = {
    ...{ ASSIGN, PROPOSE, CONFIRM, NOTE: command('addWarningNote', 'note: "注"') },
    RETURN: command('returnConclusion', 'reason: "退"'),
  };
  let compared = 0;
  for (const state of ['new', 'assigned', 'proposed', 'concluded']) {
    for (const actor of ['wang', 'zhao', 'li']) {
      for (const [name, text] of Object.entries(commands)) {
        const id = await add(state);
        await owner`update hub.warning set assignee_id = 'wang', proposed_conclusion = '漏报',
          proposed_by = 'wang' where warning_id = ${id.slice(8)} and state <> 'new'`;
        const before = (await ask(actor, NOW, { id })) as never;
        const said = (before as { warning: { actions: object[] } }).warning.actions.find((each) =>
          Object.values(each).includes(name),
        );
        const { it } = (await ask(actor, text, { id })) as unknown as {
          it: { outcome: string; userErrors: { messageZh: string; messageEn: string }[] };
        };
        const isAllowed = it.outcome !== 'REFUSED';
        const { messageZh: reasonZh = null, messageEn: reasonEn = null } = it.userErrors[0] ?? {};
        // The very same once more is no error, though it is no longer possible.
        if (it.outcome === 'UNCHANGED') continue;
        expect([state, actor, said]).toMatchObject([
          ...[state, actor],
          { action: name, isAllowed, reasonZh, reasonEn },
        ]);
        compared += 1;
      }
    }
  }
  expect(compared).toBeGreaterThan(50);
});

test('who can be assigned is listed, and nobody else can', async () => {
  const { add, ask, database } = await office();
  const id = await add();
  const { warning } = (await ask('wang', NOW, { id })) as unknown as {
    warning: { assignableActors: { account: string }[] };
  };
  const fit = warning.assignableActors.map(({ account }) => account);
  expect(fit).toEqual(['li', 'wang', 'zhao']);
  const to = (account: string) => command('assignWarning', `to: "${account}"`);
  for (const account of ['chen', 'operator', 'nobody']) {
    expect(await ask('wang', to(account), { id })).toMatchObject(
      refusal('WARNING_UNFIT_HANDLER', 'to', 'NEW'),
    );
  }
  for (const account of fit) {
    expect(await ask('wang', to(account), { id })).toMatchObject(done('ASSIGNED'));
  }
  const refused = (await entriesOf(database)).filter(({ outcome }) =>
    outcome.includes('warning.unfit-handler'),
  );
  // Refused, and yet the warning as it stands was shown: both are on record.
  expect(refused).toHaveLength(3);
  for (const { persons } of refused) expect(persons).toHaveLength(1);
});

test.each([
  'assignWarning',
  'addWarningNote',
  'proposeConclusion',
  'confirmConclusion',
  'returnConclusion',
])(
  'G11 a warning of another authority is not there for %s, and nothing of it is shown',
  async (name) => {
    const { add, ask } = await office();
    const texts: Record<string, string> = {
      ...{ assignWarning: ASSIGN, proposeConclusion: PROPOSE, confirmConclusion: CONFIRM },
      addWarningNote: command('addWarningNote', 'note: "注"'),
      returnConclusion: command('returnConclusion', 'reason: "退"'),
    };
    const text = texts[name] ?? '';
    const hidden = await add('proposed', 'here');
    for (const id of [hidden, `Warning:${randomUUID()}`, 'Warning:x', 'nothing']) {
      expect(await ask('chen', text, { id })).toMatchObject(
        refusal('OBJECT_NOT_FOUND', 'id', null),
      );
    }
    // It does exist, for those whose it is.
    expect(await ask('wang', NOW, { id: hidden })).toMatchObject({
      warning: { state: 'PROPOSED' },
    });
  },
);

test('of two commands in one request the first is told though the second was refused', async () => {
  const { add, post, database } = await office();
  const id = await add();
  const text = `mutation ($id: ID!) {
    first: assignWarning(input: { id: $id, to: "wang", clientMutationId: "a-1" }) { outcome clientMutationId }
    second: addWarningNote(input: { id: $id, note: " ", clientMutationId: "a-2" }) {
      outcome clientMutationId userErrors { code field messageZh } }
  }`;
  const { data, errors } = await post(text, { actor: 'wang', variables: { id } });
  expect(data).toEqual({
    first: { outcome: 'DONE', clientMutationId: 'a-1' },
    second: {
      ...{ outcome: 'REFUSED', clientMutationId: 'a-2' },
      userErrors: [
        { code: 'TEXT_LENGTH', field: ['input', 'note'], messageZh: '文字须为 1–2000 字。' },
      ],
    },
  });
  expect(errors).toBeUndefined();
  expect((await entriesOf(database)).slice(-2).map(({ outcome }) => outcome)).toEqual([
    'ok',
    'refused:text.length',
  ]);
});

test('a request with a command one has no right to is refused whole, before anything is done', async () => {
  const { add, post, ask } = await office();
  const id = await add();
  const text = `mutation ($id: ID!) {
    first: assignWarning(input: { id: $id, to: "wang" }) { outcome }
    second: startSync(input: { feed: "income" }) { outcome } }`;
  const { errors } = await post(text, { actor: 'wang', variables: { id } });
  expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  expect(await ask('wang', NOW, { id })).toMatchObject({
    warning: { state: 'NEW', events: { nodes: [] } },
  });
});

test('what was committed is told, also when it cannot be read back', async () => {
  const { add, post, owner } = await office();
  const id = await add();
  await owner`revoke select on hub.warning_evidence from hub_api`;
  const { data, errors } = await post(
    `mutation ($id: ID!) { assignWarning(input: { id: $id, to: "wang" }) { outcome warning { evidence { nodes { position } } } } }`,
    { actor: 'wang', variables: { id } },
  );
  await owner`grant select on hub.warning_evidence to hub_api`;
  expect(data).toEqual({ assignWarning: { outcome: 'DONE', warning: null } });
  expect(errors).toMatchObject([{ path: ['assignWarning', 'warning'] }]);
});
