import { expect, test } from 'vitest';
import { REJECTION_REASONS } from '../../connectors/kit/record.ts';
import { FACT_TABLES } from '../../schema/fact-tables.ts';
import { Secret } from '../../src/base/secret.ts';
import { bodyWriter } from '../../src/pipeline/normalise/body-text.ts';
import { createKeySet, keyNumber } from '../../src/pipeline/normalise/key-set.ts';
import { quarantineMessage } from '../../src/pipeline/normalise/messages.ts';
import { createKeys } from '../../src/pipeline/normalise/record-line.ts';

test('a key set forgets no key and sees every repetition', () => {
  const keys = createKeys(new Secret('k'));
  const set = createKeySet();
  const all = Array.from({ length: 20_000 }, (_, n) => keys.digest(String(n)));
  expect(all.filter((key) => set.add(keyNumber(key)))).toEqual([]);
  expect(all.every((key) => set.add(keyNumber(key)))).toBe(true);
});

test('a body that would not fit its columns is named by field and reason', async () => {
  const table = FACT_TABLES.get('property');
  if (!table) throw new Error('no property table');
  const write = bodyWriter(table);
  const good = {
    unitNo: 'U',
    address: 'A',
    use: 'residential',
    areaM2: '88.50',
    ownership: 'sole',
    sharePercent: '100',
    obtainedBy: 'purchase',
    registeredOn: '2024-02-29',
  };
  expect(write(good)).toHaveProperty('json');
  expect(write({ ...good, areaM2: '99999999.99' })).toHaveProperty('json');
  const wrong: [Record<string, unknown>, string, string][] = [
    [{ areaM2: '100000000' }, 'areaM2', 'value.not-a-number'],
    [{ areaM2: '99999999.999' }, 'areaM2', 'value.not-a-number'],
    [{ areaM2: 'NaN' }, 'areaM2', 'value.not-a-number'],
    [{ registeredOn: '2023-02-29' }, 'registeredOn', 'value.not-a-date'],
    [{ registeredOn: '2023-04-31' }, 'registeredOn', 'value.not-a-date'],
    [{ priceFen: '9'.repeat(19) }, 'priceFen', 'value.not-a-number'],
    [{ use: null }, 'use', 'value.missing'],
    [{ address: 'a\u0000' }, 'address', 'value.undecodable'],
    [{ address: '\udc00' }, 'address', 'value.undecodable'],
  ];
  for (const [change, field, reason] of wrong) {
    expect(write({ ...good, ...change } as never), field).toEqual({ field, reason });
  }
});

test('a body is its values in the order of the columns, and says the same when the table gains a column', () => {
  const column = (field: string) => ({ field, name: field, type: 'text', isRequired: false });
  const table = (...fields: string[]) => ({
    kind: 'k',
    subject: 'person',
    subjectColumn: 'person_id',
    isRegister: false,
    columns: fields.map(column),
  });
  const [narrow, wide] = [bodyWriter(table('a', 'c')), bodyWriter(table('a', 'b', 'c'))];
  const said = (write: typeof narrow, body: Record<string, string | null>) => {
    const text = write(body);
    return 'said' in text ? text : { json: text.reason, said: text.field };
  };
  const body = { c: 'z"\\\t𠮷', a: '1' };
  expect(JSON.parse(said(wide, body).json)).toEqual(['1', null, body.c]);
  expect(JSON.parse(said(narrow, body).json)).toEqual(['1', body.c]);
  expect(said(wide, body).said).toBe(said(narrow, body).said);
  const others = [{ a: '1' }, { c: '1' }, { b: '1' }, { a: '1', b: '1' }, { a: '1,"1"' }, {}];
  expect(new Set(others.map((other) => said(wide, other).said)).size).toBe(others.length);
});

test('every reason has two sentences that name the column', () => {
  for (const reason of REJECTION_REASONS) {
    const { zh, en } = quarantineMessage({ reason, column: '收入额' });
    if (reason !== 'row.shape') {
      expect(zh, reason).toContain('“收入额”');
      expect(en, reason).toContain('"收入额"');
    }
    expect(zh).not.toBe(en);
  }
});

test('keys depend on the identity key, so nobody else can compute them', () => {
  const [a, b] = [createKeys(new Secret('a')), createKeys(new Secret('b'))];
  expect(a.digest('x')).not.toBe(b.digest('x'));
  expect(a.of('resident-id', 'x')).not.toBe(b.of('resident-id', 'x'));
  expect(a.digest('x')).toBe(createKeys(new Secret('a')).digest('x'));
});
