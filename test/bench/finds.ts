/**
 * How long it takes to find officials among a million, page and count, under row policies: by name, by
 * part of it, by family name, by unit, by a word that stands in the names of very many units.
 */
import { Secret } from '../../src/base/secret.ts';
import { REBUILD_SEARCH } from '../../src/pipeline/link/search.ts';
import { connect } from '../../src/platform/database.ts';
import { startProcess } from './announce.ts';
import { type Bench, newDatabase } from './bench.ts';
import { load } from './load.ts';
import { type Line, perSecond } from './table.ts';

/** One official in five works in a unit with this word in its name. */
const BROAD = '财政局';
const SURNAMES = '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧';
const GIVEN =
  '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建国文志玉红玲芬辉鑫波宁福生龙元全国胜学祥才发武新利清飞彬富顺信子杰涛昌成康星光天达安岩中茂进林有坚和彪博诚先敬震振壮会思群豪心邦承乐绍功松善厚庆民友裕河哲江浩亮政谦亨奇固之轮翰朗伯宏言若鸣朋斌梁栋维启克伦翔旭鹏泽晨辰士以家致树炎德行时泰盛雄琛钧冠策腾楠榕风航弘';

const pick = (from: string, number: string) =>
  `substr('${from}', 1 + (${number}) % ${[...from].length}, 1)`;
/** Common family names are as frequent as they are: the first has a tenth of everybody. */
const NAME = `${pick(SURNAMES, '(i % 97) * (i % 89) / 287')} || ${pick(GIVEN, 'i / 31 * 7')} || ${pick(GIVEN, 'i * 13 / 17')}`;
const UNIT_NAME = `'第' || u || case u % 5 when 0 then '${BROAD}' when 1 then '教育局' when 2 then '乡政府' when 3 then '税务局' else '中学' end`;

const statementsOf = (officials: number): string[] => [
  `insert into authority (code, name) values ('county', '县管'), ('city', '市管') on conflict do nothing`,
  `insert into unit (unit_id, id, known_from, feed_id, batch_id, ordinal, digest, unit_code, name, kind, staff_count, is_key_unit)
   select md5('u' || u)::uuid, md5('u' || u)::uuid, date '2023-07-01', 'roster', 1, u, md5('u' || u)::uuid, 'U' || u, ${UNIT_NAME}, 'government', 40, false
   from generate_series(0, ${officials} / 100) u`,
  `insert into person (person_id, name, is_official, level, unit_code, unit_name, post_title, managed_by)
   select md5('p' || i)::uuid, ${NAME}, true, '141', 'U' || u, ${UNIT_NAME}, '局长', array[1 + (i % 10 / 9)]::smallint[]
   from generate_series(1, ${officials}) i, lateral (select i % (${officials} / 100) as u) x`,
  REBUILD_SEARCH,
  'vacuum analyze',
];

const page = (filter: string, order = '') =>
  `query Find { cadres(first: 50${order}${filter}) { totalCount nodes { id name unitName postTitle } pageInfo { hasNextPage endCursor } } }`;

const QUESTIONS: Readonly<Record<string, string>> = {
  'the first page of all': page(''),
  'the first page by level': page('', ', orderBy: LEVEL_ASC'),
  'part of a name, two characters': page(', filter: { name: "秀霞" }'),
  'a family name': page(', filter: { name: "王" }'),
  'one unit': page(', filter: { unitCode: "U77" }'),
  'units by a rare word': page(', filter: { unitName: "第75财" }'),
  [`units by ${BROAD}, every fifth official`]: page(`, filter: { unitName: "${BROAD}" }`),
  'the same, by unit': page(`, filter: { unitName: "${BROAD}" }`, ', orderBy: UNIT_ASC'),
};

export async function measureFinds(bench: Bench): Promise<Line[]> {
  const { persons, rounds, roundSeconds } = bench.sizes;
  bench.say(`finds: ${persons} officials …`);
  const url = await newDatabase(bench, 'bench_finds');
  const owner = connect(new Secret(url), { role: 'owner', max: 1 });
  for (const statement of statementsOf(persons)) await owner.unsafe(statement);
  await owner.end({ timeout: 5 });
  const hub = await startProcess('./hub-server.ts', [url, bench.folder]);
  try {
    const lines: Line[] = [];
    for (const [what, query] of Object.entries(QUESTIONS)) {
      const {
        perSecond: rate,
        p50,
        p95,
      } = await load({
        url: `http://127.0.0.1:${hub.ready.port}/graphql`,
        tokens: hub.ready.tokens?.slice(0, 1) ?? [],
        bodies: [JSON.stringify({ query })],
        seconds: (rounds * roundSeconds) / 2,
        connections: 1,
      });
      lines.push({
        what: `find among ${persons}: ${what}`,
        hub: `${perSecond(rate)} (p50 ${p50.toFixed(1)}, p95 ${p95.toFixed(1)} ms)`,
        goal: 'p95 ≤ 20 ms',
      });
    }
    return lines;
  } finally {
    await hub.stop();
  }
}
