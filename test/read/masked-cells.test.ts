import { beforeAll, expect, test } from 'vitest';
import { loadConnectors } from '../../connectors/kit/index.ts';
import { registerFeeds } from '../../src/pipeline/register-feeds.ts';
import { type Answer, type Stage, stage } from './read-harness.ts';

const county = stage({ officials: 5, city: 0 });

/** Of departments, and what keyboards, scanners and spreadsheets do to a number. */
const SEPARATORS = [
  ...['.', '/', '-', ' ', '　', '\t', '\n', '—', '－', '．', '·', '_', ',', '，', '、', ':', '：'],
  ...['年', '月', '日', '号', '(', ')', '（', "'", '"', '|', '\\', '\u200b', '  ', ' - ', '; '],
];
const LOOKALIKES: Readonly<Record<string, string>> = {
  0: 'OoＯ〇○零０',
  1: 'lI一１',
  2: '二２',
  3: '三３',
  8: '八８',
  9: '九９',
  X: 'xＸ',
};

/** The same numbers every time, so that a failure can be looked at. */
function sequence(seed: number) {
  let state = seed;
  return (below: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

/** A number of 13 to 19 places: a place lost, a place doubled, letters for digits, and what stands between. */
function disguise(next: (below: number) => number): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const born = `${1950 + next(55)}${two(1 + next(12))}${two(1 + next(28))}`;
  const number = `${110101 + next(500_000)}${born}${String(next(1000)).padStart(3, '0')}${'0123456789X'[next(11)]}`;
  const kept = [number, number.slice(0, 13 + next(5)), `${number}${next(10)}`][next(3)] ?? number;
  const often = 1 + next(6);
  return [...kept]
    .map((digit, place) => {
      const like = LOOKALIKES[digit] ?? '';
      const shown = like !== '' && next(5) === 0 ? [...like][next([...like].length)] : digit;
      const between = place > 0 && next(often) === 0 ? SEPARATORS[next(SEPARATORS.length)] : '';
      return `${between}${shown}`;
    })
    .join('');
}

const LIKE = new Map(
  Object.entries(LOOKALIKES).flatMap(([digit, like]) =>
    [...like].map((it) => [it, digit] as const),
  ),
);

/** Places of the number that a reader of the cell could put together again, in one piece. */
function longestReadable(shown: string): number {
  const pieces = shown.replaceAll(/\\[nt"\\]/g, ' ').split(/\*+/);
  const places = pieces.map(
    (piece) => [...piece].filter((it) => /[0-9X]/.test(LIKE.get(it) ?? it)).length,
  );
  return Math.max(...places);
}

const HEADER = ['qlrmc', 'qlrzjh', 'zl', 'bz'];
type Cell = { column: string; value: string | null };

let nextOrdinal = 1;

async function shown(
  { database, ask, actors }: Stage,
  rows: readonly unknown[],
): Promise<Cell[][]> {
  const worker = database.as('worker', 1);
  const [batch] = await worker`
    insert into hub.batch (feed_id, as_of, mode, payload_name, payload_digest, payload_bytes, header, kinds,
      state, received_at)
    values ('real-estate', '2026-06-30', 'delta', 'p', ${`d${nextOrdinal}`}, 1,
      ${worker.json({ titles: HEADER })}, '{}', 'linked', now()) returning batch_id as id`;
  const first = nextOrdinal;
  nextOrdinal += rows.length;
  await worker`
    insert into hub.quarantine (batch_id, ordinal, feed_id, reason, "column", message_zh, message_en,
      sheet, cells, created_at)
    select ${Number(batch?.id)}, ${first} + n::int - 1, 'real-estate', 'masked', null, '', '', 'titles', c, now()
    from json_array_elements(${JSON.stringify(rows)}::text::json) with ordinality j(c, n)`;
  const found: Cell[][] = [];
  for (let at = first; at < nextOrdinal; at += 100) {
    const ids = rows
      .map((_, n) => `Quarantine:${Number(batch?.id)}.${first + n}`)
      .slice(at - first, at - first + 100);
    const text =
      'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Quarantine { delivered { cells { column value } } } } }';
    const { nodes } = (await ask(actors.ops, text, { ids })) as Answer & {
      nodes: { delivered: { cells: Cell[] } }[];
    };
    found.push(...nodes.map(({ delivered }) => delivered.cells));
  }
  return found;
}

beforeAll(async () => {
  const { database } = await county.get();
  await registerFeeds(database.as('worker', 1), await loadConnectors());
});

const disguises = (count: number, seed: number) => {
  const next = sequence(seed);
  return Array.from({ length: count }, () => disguise(next));
};

test('G18 a disguised identity number is masked in whatever column it stands', async () => {
  const stageNow = await county.get();
  const numbers = disguises(600, 7);
  const rows = numbers.map((number) => ['某人', '', `某路${number}`, number]);
  for (const [n, cells] of (await shown(stageNow, rows)).entries()) {
    for (const { column, value } of cells.slice(2)) {
      const readable = longestReadable(value ?? '');
      expect({ of: numbers[n], column, value, isHidden: readable <= 10 }).toMatchObject({
        isHidden: true,
      });
      expect(value).toContain('*');
    }
  }
});

test('G18 a disguised identity number is masked inside a nested section', async () => {
  const stageNow = await county.get();
  const numbers = disguises(300, 11);
  const rows = numbers.map((number) => ({ bz: [{ 称谓: '妻', 备注: number }], zl: '某路' }));
  for (const [n, cells] of (await shown(stageNow, rows)).entries()) {
    const value = cells.find(({ column }) => column === 'bz')?.value ?? '';
    expect({ of: numbers[n], value, isHidden: longestReadable(value) <= 10 }).toMatchObject({
      isHidden: true,
    });
  }
});

test('G18 an identity column is masked whatever it holds', async () => {
  const stageNow = await county.get();
  const held = [
    '1234567',
    '不详',
    'E12345678',
    '110101.1980',
    '一九八〇年生',
    'OOOO',
    '  ',
    'A B C D',
  ];
  const rows = held.map((text) => ['某人', text, '某路1号', '']);
  for (const [n, cells] of (await shown(stageNow, rows)).entries()) {
    const value = cells[1]?.value ?? '';
    const kept = [...value].filter((it) => it !== '*').join('');
    expect({ of: held[n], kept, hides: value.includes('*') }).toEqual({
      of: held[n],
      kept: (held[n] ?? '').length < 8 ? '' : expect.stringMatching(/^.{4}$/),
      hides: true,
    });
  }
  const [[, empty, , none]] = (await shown(stageNow, [['某人', null, '', '']])) as [Cell[]];
  expect([empty?.value, none?.value]).toEqual([null, '']);
  // The same under the names such columns bear, in feeds and sections that say nothing of them.
  const [[named], [nested]] = (await shown(stageNow, [
    { 配偶身份证号: '12345' },
    { bz: [{ 姓名: '某人', 身份证号: '12345', 号码: 'E1234567', 护照号: 98765 }] },
  ])) as [Cell[], Cell[]];
  expect(named?.value).toBe('*****');
  expect(nested?.value).not.toMatch(/12345|98765/);
  expect(nested?.value).toContain('某人');
});

test('G18 a well-formed number keeps county and last four; dates, addresses and amounts stay as they are', async () => {
  const stageNow = await county.get();
  const plain = [
    ...['2024-01-31', '2024-01-31 12:30:00', '20240131123000', '2024年1月31日 12:30', '2024/1/31'],
    ...['2020.01.01-2021.05.01', '2020年1月—2021年5月', '2024-01-31T12:30:00.123456+08:00'],
    ...['浙（2020）临江县不动产权第0012345号', '临江县平安乡望江路78号橡树湾19幢4单元903室'],
    ...[
      '330102001001GB00001F00010001',
      '1,234,567.89',
      '-0.50',
      '13800001234',
      '91110101MA01ABCD12',
      '91999901001128MA0X',
    ],
  ];
  const rows = plain.map((text) => ['某人', '110101198001011234', text, '110101800101123']);
  for (const [n, cells] of (await shown(stageNow, rows)).entries()) {
    expect(cells.map(({ value }) => value)).toEqual([
      '某人',
      '110101********1234',
      plain[n],
      '110101********1123',
    ]);
  }
});

test('a column that was an identity column stays one when the contract gives it another name', async () => {
  const { database } = await county.get();
  const worker = database.as('worker', 1);
  await worker`update hub.feed set identity_columns = '{old_name}' where feed_id = 'real-estate'`;
  await registerFeeds(worker, await loadConnectors());
  const [feed] =
    await worker`select identity_columns as names from hub.feed where feed_id = 'real-estate'`;
  expect(feed?.names).toEqual(['old_name', 'qlrzjh']);
});
