import { expect, test } from 'vitest';
import { documentOf, outcome, stage } from './read-harness.ts';
import { IDENTITY_KEY } from './seed-county.ts';

const county = stage({ officials: 3, city: 0 });

const PIECES = [
  "'",
  '"',
  '\\',
  ';',
  '--',
  '/*',
  '*/',
  '$1',
  '%',
  '_',
  '{',
  '}',
  ',',
  '\u0000',
  '\ud800',
  '\u2028',
  "' or 1=1 --",
  '"; drop table hub.person; --',
  '{"a"}',
  'NULL',
  '::text',
  '\\x00',
  '千',
  '😀',
  ' ',
  'Cadre:',
];

/** Two hundred texts, made from the pieces by a fixed sequence. */
const payloads = Array.from({ length: 200 }, (_, n) => {
  let seed = n * 7919 + 1;
  const length = 1 + (n % 6);
  return Array.from({ length }, () => {
    seed = (seed * 48271) % 2147483647;
    return PIECES[seed % PIECES.length];
  }).join('');
});

const PLACES = [
  'query ($x: String!) { cadres(filter: { name: $x }) { totalCount } }',
  'query ($x: String!) { cadres(filter: { unitCode: $x, unitName: $x, authority: $x, level: [$x, $x] }) { totalCount } }',
  'query ($x: String!) { cadre(idNumber: $x) { name } }',
  'query ($x: ID!) { cadre(id: $x) { name } }',
  'query ($x: ID!) { node(id: $x) { id } nodes(ids: [$x]) { id } warning(id: $x) { id } }',
  'query ($x: String!) { warnings(filter: { rule: [$x], assigneeId: $x }) { totalCount } }',
];

test('H12 no text sent as an argument changes the statement or finds more than it should', async () => {
  const { reader, actors } = await county.get();
  const actor = actors.county;
  const run = { actor, runtime: { identityKey: IDENTITY_KEY, today: '2026-06-30' } };
  for (const text of PLACES) {
    const statements = new Set<string>();
    for (const x of payloads) {
      const plan = reader.planOperation({
        ...{ document: documentOf(text), operationName: null, actor },
        variables: { x },
      });
      if (!plan) throw new Error('not one statement');
      statements.add(plan.statement.text);
      const said = await outcome(async () => {
        plan.statement.bounds.map((bound) => bound({ ...run, variables: plan.variables }));
        const { text: answer } = await reader.runPlan(plan);
        expect(answer).not.toMatch(/干部|"totalCount":[1-9]/);
      });
      expect(['ok', x.includes('\u0000') ? 'request.invalid' : 'ok']).toContain(said);
    }
    expect(statements.size).toBe(1);
  }
});

test('H12 a text written into the document is bound like any other', async () => {
  const { reader, actors } = await county.get();
  // GraphQL itself refuses half a surrogate pair in a document.
  for (const x of payloads.filter((text) => !text.includes('\ud800'))) {
    const document = documentOf(
      `{ cadres(filter: { name: ${JSON.stringify(`secret${x}`)} }) { totalCount } }`,
    );
    const plan = reader.planOperation({
      document,
      operationName: null,
      variables: {},
      actor: actors.county,
    });
    expect(plan?.statement.text).not.toContain('secret');
  }
});

test('dates that do not exist and values of the wrong kind are refused without being quoted', async () => {
  const { ask, actors } = await county.get();
  const text = 'query ($d: Date) { warnings(filter: { firstSeenFrom: $d }) { totalCount } }';
  for (const d of ['2026-02-30', "2026-01-01' or", '0000-00-00', 'infinity', 5]) {
    const refused = await ask(actors.county, text, { d }).catch((error: Error) => error);
    expect(refused).toMatchObject({
      code: 'request.invalid',
      message: 'The request is not valid: variable d has the wrong type or value',
      chinese: '请求有误：变量 d 的类型或值不符',
    });
  }
  expect(await outcome(() => ask(actors.county, text, { d: '2026-01-01' }))).toBe('ok');
});
