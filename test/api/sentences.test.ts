/** Every sentence the hub says to people: whole, and each language by itself. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ERRORS, type ErrorCode, HubError } from '../../src/base/errors.ts';
import { apiUnderTest } from './api-under-test.ts';

const CHINESE = /[一-鿿]/;
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);

test('every error says the same in two languages, names what it is about, and mixes neither', () => {
  for (const [code, { zh, en }] of Object.entries(ERRORS)) {
    expect([code, CHINESE.test(zh), CHINESE.test(en)]).toEqual([code, true, false]);
    expect([code, new Set(placeholders(zh))]).toEqual([code, new Set(placeholders(en))]);
    const words = { zh: '某事', en: 'something' };
    const details = Object.fromEntries(placeholders(zh).map((name) => [name, words]));
    // Every code with whatever it asks for; the compiler knows each by itself only.
    const error: HubError = Reflect.construct(HubError, [code as ErrorCode, details]);
    for (const text of [error.chinese, error.message]) expect(text).not.toMatch(/[{}]|—|undefined/);
    expect([code, CHINESE.test(error.message), error.chinese.includes('something')]).toEqual([
      code,
      false,
      false,
    ]);
  }
});

/** `{ zh: …, en: … }` and pairs of texts given to the helpers that make a refusal of them. */
const PAIR =
  /zh: (['"`])((?:\\.|(?!\1).)*)\1,\s*en:\s*(['"`])((?:\\.|(?!\3).)*)\3|(?:tooCostly|[iI]nvalid(?:Request)?)\(\s*(['"`])((?:\\.|(?!\5).)*)\5,\s*(['"`])((?:\\.|(?!\7).)*)\7/g;

test('words that stand in a sentence are given in both languages, each without the other', () => {
  const files = ['src/api', 'src/act', 'src/read'].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `${folder}/${name}`),
  );
  let pairs = 0;
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    // The old way to say both at once, which put Chinese into English.
    expect([
      file,
      /reason: ['"`]/.test(text) && /request\.(invalid|too-costly)/.test(text),
    ]).toEqual([file, false]);
    for (const match of text.matchAll(PAIR)) {
      const [zh = '', en = ''] =
        match[2] === undefined ? [match[6], match[8]] : [match[2], match[4]];
      const english = en.replaceAll(/\$\{[^}]*\}/g, '');
      expect([file, zh, CHINESE.test(zh), CHINESE.test(english)]).toEqual([file, zh, true, false]);
      pairs += 1;
    }
  }
  expect(pairs).toBeGreaterThan(20);
});

const api = apiUnderTest();

test.each([
  ['{ nothingOfThatName }'],
  ['{ thing(colour: 1) { name } }'],
  ['{ thing { name '],
  ['query Q($n: Int!) { things(first: $n) { nodes { name } } }', { n: 'x' }],
  ['query Q($n: Int!) { things(first: $n) { nodes { name } } }', {}],
  ['query Q($n: Nothing) { things(first: $n) { nodes { name } } }', {}],
  ['{ things(first: -1) { nodes { name } } }'],
  ['{ things(first: 1000) { nodes { name } } }'],
  ['{ thing { ...f } } fragment f on Nothing { name }'],
  ['mutation { nothing }'],
])('what is wrong with %s is said whole in either language', async (query, variables?: object) => {
  const { post } = await api.get();
  const { errors = [] } = await post(query, { variables });
  expect(errors.length).toBeGreaterThan(0);
  for (const { message, extensions } of errors) {
    expect(message).toMatch(/^(请求有误|查询过大)：.*[一-鿿]/);
    expect(message).not.toMatch(/[{}$—]|undefined/);
    expect(extensions?.english).toMatch(/^The (request|query) is .*: \w+ .+/);
    expect(extensions?.english).not.toMatch(/[{}$—一-鿿]|undefined/);
  }
});
