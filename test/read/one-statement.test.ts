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
      posts { nodes { title startedOn endedOn unit { name } } }
      family { nodes { relation relationZh name person { name homes { nodes { address price } } vehicles { nodes { plate } } } } }
      homes { nodes { address use areaM2 price delivered { feedId knownFrom } } } homeCount vehicles { nodes { plate price } }
      trips(first: 2, filter: { isPrivate: true }) { nodes { leftOn returnedOn days } } tripCount
      travelDocuments { nodes { kind documentNo } } incomesByYear { year gross tax items { nodes { item gross } } }
      declarations { nodes { year kind properties { nodes { address } } documents { nodes { kind } } trips { nodes { leftOn } } holdings { nodes { kind amount } } } }
      audits { nodes { finding amount } } petitions { nodes { caseNo channel } }
      warnings { nodes { ruleCode severity state questionZh facts { labelZh valueZh } evidence { nodes { labelZh delivered { sheet payloadName cells { column value } } } } notEvaluated { reasonZh } similar { id conclusion } } }
      checks { rule { code precision } outcome reasonZh asOf } sources { code isStale dataAsOf } } }`,
    { id: id(4) },
  );
  expect(answer).toMatchSnapshot();
  expect(JSON.stringify(answer)).not.toContain('infinity');
  expect(JSON.stringify(answer)).not.toContain(idNumberOf(4));
});
