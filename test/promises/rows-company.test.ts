/** A company is open to whoever may read companies; who stands behind it shows only with the person. */
import { expect, test } from 'vitest';
import { outcome, stage } from '../read/read-harness.ts';
import { personOf } from '../read/seed-county.ts';

const CODE = '91999901MA0000001P';
const COMPANY = '00000000-0000-4000-8000-00000000c001';
const CITY = 0;
const COUNTY = 5;
const county = stage();

const frame = (n: number) =>
  `md5('company${n}')::uuid, '2026-01-31', 'company', 1, ${n}, md5('c')::uuid`;

async function told() {
  const made = await county.get();
  const owner = made.database.as('owner', 1);
  const [found] = await owner`select 1 from hub.company`;
  if (found) return made;
  await owner.unsafe(`
    insert into hub.company (company_id, id, known_from, feed_id, batch_id, ordinal, digest, uscc, name, kind, state)
    values ('${COMPANY}', ${frame(1)}, '${CODE}', '虚构商贸有限公司', 'limited', 'active')`);
  for (const [n, index] of [CITY, COUNTY].entries()) {
    await owner.unsafe(`
      insert into hub.company_officer (person_id, id, known_from, feed_id, batch_id, ordinal, digest, managed_by,
        company_id, company_name, office)
      select person_id, ${frame(2 + n)}, managed_by, '${COMPANY}', '虚构商贸有限公司', 'director'
      from hub.person where person_id = '${personOf(index)}'`);
  }
  return made;
}

const TEXT = `query ($code: String!) { company(uscc: $code) { name officers { nodes { office person { name } } } } }`;

test('G3 of the officers of one company each authority sees its own officials', async () => {
  const { ask, actors } = await told();
  const seenBy = async (who: 'city' | 'county' | 'both') =>
    (await ask(actors[who], TEXT, { code: '９１９９９９０１ ma0000001p' })).company;
  const officer = (name: string) => ({ office: 'DIRECTOR', person: { name } });
  const name = '虚构商贸有限公司';
  expect(await seenBy('city')).toEqual({ name, officers: { nodes: [officer('干部00000')] } });
  expect(await seenBy('county')).toEqual({ name, officers: { nodes: [officer('干部00005')] } });
  expect(await seenBy('both')).toMatchObject({ name, officers: { nodes: [{}, {}] } });
});

test('G3 from the official to the company and back, and nothing for a role without the grant', async () => {
  const { ask, actors } = await told();
  const text = `query ($id: ID!) { cadre(id: $id) { companies { nodes { id name } } companyOffices { nodes { office company { uscc } } } } }`;
  const answer = await ask(actors.county, text, { id: `Cadre:${personOf(COUNTY)}` });
  const { companies } = answer.cadre as { companies: { nodes: { id: string; name: string }[] } };
  expect(answer.cadre).toMatchObject({
    companies: { nodes: [{ name: '虚构商贸有限公司' }] },
    companyOffices: { nodes: [{ office: 'DIRECTOR', company: { uscc: CODE } }] },
  });
  const node = `query ($id: ID!) { node(id: $id) { id ... on Company { name } } }`;
  expect(await ask(actors.city, node, { id: companies.nodes[0]?.id })).toMatchObject({
    node: { name: '虚构商贸有限公司' },
  });
  expect(await outcome(() => ask(actors.ops, TEXT, { code: CODE }))).toMatch(/forbidden/);
});
