/** A field whose SQL names no column is green until somebody asks for it; here every one is asked for. */
import {
  type GraphQLField,
  type GraphQLInputFieldMap,
  isInputObjectType,
  isObjectType,
} from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../schema/index.ts';
import type { Actor } from '../../src/access/actor.ts';
import { GRANTS, type Grant } from '../../src/access/grants.ts';
import { walker } from './every-field.ts';
import { fillEmptyTables } from './fill-empty-tables.ts';
import { stage } from './read-harness.ts';
import { idNumberOf } from './seed-county.ts';

const everything = { zh: '一切', en: 'Everything', grants: Object.keys(GRANTS) as Grant[] };
const county = stage({ officials: 12, city: 0, roles: { everything } });
const actor: Actor = {
  id: 'both',
  name: '',
  // Only a role that is known outside this file opens kinship.
  roles: ['everything', 'analyst', 'operator', 'administrator'],
  authorities: [1, 2],
};

async function walkCounty() {
  const { ask, database } = await county.get();
  await fillEmptyTables(database.as('owner', 1));
  return walker(schema, (text) => ask(actor, text), { idNumber: idNumberOf(4) })();
}

test('every field, argument, filter key and sort key is answered from rows, as its type promises', async () => {
  const { asked, findings } = await walkCounty();
  expect(findings).toEqual([]);
  expect(asked).toBeGreaterThan(400);
});

test('a field or filter whose SQL names no column, or the wrong type of one, is found by its name', async () => {
  const home = schema.getType('Home');
  const filter = schema.getType('HomeFilter');
  if (!isObjectType(home) || !isInputObjectType(filter)) throw new Error('no Home');
  const fields: Record<string, GraphQLField<unknown, unknown>> = home.getFields();
  const { areaM2, address } = fields;
  const filters: GraphQLInputFieldMap = filter.getFields();
  const { isCurrent } = filters;
  if (!areaM2 || !address || !isCurrent) throw new Error('no fields');
  const answeredBy = (name: string, like: GraphQLField<unknown, unknown>, sql: string) => ({
    ...like,
    name,
    extensions: { ...like.extensions, plan: { kind: 'value', sql: (t: string) => `${t}.${sql}` } },
  });
  fields.ghost = answeredBy('ghost', address, 'ghost');
  fields.mistaken = answeredBy('mistaken', areaM2, 'address');
  const extensions = { ...isCurrent.extensions, where: (t: string) => `${t}.absent` };
  filters.absent = { ...isCurrent, name: 'absent', extensions };
  try {
    const { findings } = await walkCounty();
    const names = findings.map(({ question }) => /ghost|mistaken|absent/.exec(question)?.[0]);
    expect(new Set(names)).toEqual(new Set(['ghost', 'mistaken', 'absent']));
  } finally {
    delete fields.ghost;
    delete fields.mistaken;
    delete filters.absent;
  }
});
