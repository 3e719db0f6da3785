import { expect, test } from 'vitest';
import { stage } from './read-harness.ts';
import { idNumberOf, personOf } from './seed-county.ts';

const county = stage();
const id = (n: number) => `Cadre:${personOf(n)}`;

test('a cross-linked profile is one statement', async () => {
  const { ask, actors } = await county.get();
  const answer = await ask(
    actors.county,
    `query ($id: ID!) { cadre(id: $id) { __typename id name idNumberMasked level employment
      authority { code name } unit { name kind }
      posts { title startedOn endedOn unit { name } }
      family { relation relationZh name person { name homes { address price } vehicles { plate } } }
      homes { address use areaM2 price delivered { feedId knownFrom } } homeCount vehicles { plate price }
      trips(first: 2, filter: { isPrivate: true }) { leftOn returnedOn days } tripCount
      travelDocuments { kind documentNo } incomesByYear { year gross tax items { item gross } }
      declarations { year kind properties { address } documents { kind } trips { leftOn } holdings { kind amount } }
      audits { finding amount } petitions { caseNo channel }
      warnings { ruleCode severity state questionZh facts { labelZh valueZh } evidence { labelZh delivered { sheet payloadName cells { column value } } } notEvaluated { reasonZh } similar { id conclusion } }
      checks { rule { code precision } outcome reasonZh asOf } sources { code isStale dataAsOf } } }`,
    { id: id(4) },
  );
  expect(answer).toMatchSnapshot();
  expect(JSON.stringify(answer)).not.toContain('infinity');
  expect(JSON.stringify(answer)).not.toContain(idNumberOf(4));
});
