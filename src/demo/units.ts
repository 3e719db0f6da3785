/**
 * Units in the order of their officials: unit k holds the officials `from` … `from + size - 1`.
 * The number of staff is four times the number of officials everywhere, so that complaints per head
 * rank units the same way whichever is counted.
 */
import { TOWNS } from './names.ts';
import { unitCode } from './numbers.ts';
import { Random } from './random.ts';

export type Unit = {
  ordinal: number;
  code: string;
  name: string;
  kind:
    | '党委'
    | '政府'
    | '人大'
    | '政协'
    | '纪委监委'
    | '法院'
    | '检察院'
    | '事业单位'
    | '国有企业';
  parentCode: string;
  isKeyUnit: boolean;
  from: number;
  size: number;
};

const KINDS = ['政府', '党委', '事业单位', '政府', '国有企业', '政府', '事业单位', '政府'] as const;
const COUNTY_UNITS: readonly (readonly [string, Unit['kind']])[] = [
  ['人民政府办公室', '政府'],
  ['委办公室', '党委'],
  ['财政局', '政府'],
  ['纪委监委', '纪委监委'],
  ['自然资源和规划局', '政府'],
  ['人大常委会办公室', '人大'],
  ['政协办公室', '政协'],
  ['人民法院', '法院'],
  ['人民检察院', '检察院'],
  ['住房和城乡建设局', '政府'],
  ['交通运输局', '政府'],
  ['教育局', '政府'],
  ['卫生健康局', '政府'],
  ['农业农村局', '政府'],
  ['审计局', '政府'],
  ['城市建设投资集团', '国有企业'],
];
const SUFFIX: Record<string, string> = {
  政府: '管理所',
  党委: '党工委',
  事业单位: '中心学校',
  国有企业: '供水公司',
};
const KEY = /财政|自然资源|住房|交通|投资/;

function nameAndKind(ordinal: number): { name: string; kind: Unit['kind'] } {
  const first = COUNTY_UNITS[ordinal];
  if (first) return { name: `临江县${first[0]}`, kind: first[1] };
  const kind = KINDS[ordinal % KINDS.length] ?? '政府';
  const town = TOWNS[ordinal % TOWNS.length] ?? '';
  return { name: `临江县${town}第${ordinal}${SUFFIX[kind]}`, kind };
}

const leading = (kind: Unit['kind']) =>
  kind === '事业单位' ? '12' : kind === '国有企业' ? '91' : '11';

/** All units of a county of so many officials; a few thousand rows at most. */
export function makeUnits(seed: number, officials: number): Unit[] {
  const random = new Random(seed, 'units');
  const units: Unit[] = [];
  for (let from = 0; from < officials; ) {
    const wanted = random.int(18, 32);
    const left = officials - from;
    const size = left - wanted < 18 ? left : wanted;
    const ordinal = units.length;
    const { name, kind } = nameAndKind(ordinal);
    units.push({
      ordinal,
      code: unitCode(leading(kind), ordinal),
      name,
      kind,
      parentCode: ordinal === 0 ? '' : (units[0]?.code ?? ''),
      isKeyUnit: KEY.test(name) || ordinal % 17 === 5,
      from,
      size,
    });
    from += size;
  }
  return units;
}

/** The unit of an official, by binary search. */
export function unitOf(units: readonly Unit[], official: number): Unit {
  let low = 0;
  let high = units.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((units[middle]?.from ?? 0) <= official) low = middle;
    else high = middle - 1;
  }
  const unit = units[low];
  if (!unit) throw new RangeError('no unit holds this official');
  return unit;
}

/** Employers of spouses and adult children. */
const EMPLOYERS = [
  '临江纺织有限公司',
  '江南机械制造有限公司',
  '白沙食品有限公司',
  '青峰电子有限公司',
  '安康医药有限公司',
  '新河商贸有限公司',
  '东山建材有限公司',
  '柳溪物流有限公司',
] as const;
export const employer = (ordinal: number): { name: string; code: string } => ({
  name: EMPLOYERS[ordinal % EMPLOYERS.length] ?? '',
  code: unitCode('91', 5_000_000 + (ordinal % EMPLOYERS.length)),
});
