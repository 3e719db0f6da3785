/** The yearly declaration of one official: the family's life as the official states it. */
import { addDays, dateOf, yearOf } from './calendar.ts';
import { householdOf } from './household.ts';
import type { Family, Home, Official, Person, Relative } from './model.ts';

export const DECLARED_YEARS = [2023, 2024, 2025] as const;

type Row = Record<string, unknown>;

/** Yuan as 万元 with at most four decimals, as forms and registers state it. */
export const wan = (yuan: number | undefined): string =>
  yuan === undefined ? '' : String(Math.round(yuan) / 10_000);

export function declare(family: Family, official: Official, year: number): Row {
  const { person } = official;
  const sections: Record<string, Row[]> = {
    家庭成员: relativesOf(family, official, year).map((relative) => relativeRow(relative, year)),
    房产: family.homes.flatMap((home) => homeRow(family, home, year)),
    因私证件: documentRows(family, person, year),
    因私出国境: tripRows(family, person, year),
    投资与债权债务: holdingRows(family, year),
  };
  const signedOn = addDays(dateOf(year + 1, 1, 6), (official.index * 7 + year) % 24);
  return {
    姓名: person.name,
    身份证号: person.idNumber,
    报告年度: String(year),
    报告类型: '年度报告',
    签字日期: signedOn,
    婚姻状况: maritalState(family, year),
    '工资奖金津贴（万元）': wan(grossOf(family, person, year, ['工资薪金'])),
    '劳务所得（万元）': wan(grossOf(family, person, year, ['劳务报酬', '稿酬'])),
    无此类情况: Object.keys(sections).filter((name) => sections[name]?.length === 0),
    ...sections,
  };
}

const grossOf = (family: Family, person: Person, year: number, items: readonly string[]): number =>
  family.incomes
    .filter((it) => it.person === person && it.year === year && items.includes(it.item))
    .reduce((sum, { gross }) => sum + gross, 0);

function maritalState(family: Family, year: number): string {
  const spouse = family.relatives.find(({ relation }) => relation === '配偶');
  if (!spouse || yearOf(spouse.from) > year) return '未婚';
  return spouse.to && yearOf(spouse.to) <= year ? '离异' : '已婚';
}

/** Seen from the second official of a couple, the first one is the spouse. */
function relativesOf(family: Family, official: Official, year: number): Relative[] {
  const known = family.relatives.filter(({ from }) => yearOf(from) <= year);
  const [first] = family.officials;
  if (official === first || !first) return known;
  return known.map((relative) =>
    relative.person === official.person ? { ...relative, person: first.person } : relative,
  );
}

const relativeRow = ({ person, relation, isCoLiving, from, to }: Relative, year: number): Row => ({
  称谓: relation,
  姓名: person.name,
  身份证号: person.idNumber,
  出生日期: person.bornOn,
  共同生活: isCoLiving(year) ? '是' : '否',
  起: from,
  止: to && yearOf(to) <= year ? to : '',
});

const USES: Record<string, string> = { 成套住宅: '商品房', 车位: '车库车位', 储藏室: '储藏间' };

function homeRow(family: Family, home: Home, year: number): Row[] {
  const household = householdOf(family, year);
  const owners = home.owners.filter(({ person }) => household.includes(person));
  const lastDay = dateOf(year, 12, 31);
  const isGone = home.cancelledOn !== undefined && home.cancelledOn <= lastDay;
  const wentEarlier = isGone && yearOf(home.cancelledOn ?? '') < year;
  const stated = home.declared(year);
  if (!owners[0] || home.registeredOn > lastDay || wentEarlier || stated === 'left-out') return [];
  const words = stated === 'as-it-is' ? home : { ...home, ...stated };
  return [
    {
      产权人: owners[0].person.name,
      不动产单元号: words.unitNo,
      权证号: words.certificateNo,
      地址: words.address,
      性质: USES[words.use] ?? words.use,
      建筑面积: words.areaM2,
      来源: home.obtainedBy === '赠与' ? '接受赠与' : home.obtainedBy,
      交易时间: home.registeredOn,
      '交易价格（万元）': wan(home.price),
      去向: isGone ? (home.soldFor === undefined ? '其他' : '出售') : '',
    },
  ];
}

const DOCUMENTS: Record<string, string> = {
  passport: '普通护照',
  'hk-macau-permit': '往来港澳通行证',
  'taiwan-permit': '往来台湾通行证',
};

function documentRows(family: Family, person: Person, year: number): Row[] {
  return family.documents.flatMap((document) => {
    const name = DOCUMENTS[document.kind];
    const stated = document.declared(year);
    const wasValid =
      document.issuedOn <= dateOf(year, 12, 31) &&
      document.expiresOn >= dateOf(year, 1, 1) &&
      (document.endedOn === undefined || document.endedOn >= dateOf(year, 1, 1));
    if (document.person !== person || !name || !wasValid || stated === 'left-out') return [];
    const { documentNo } = stated === 'as-it-is' ? document : { ...document, ...stated };
    return [
      {
        种类: name,
        号码: documentNo,
        签发日期: document.issuedOn,
        有效期至: document.expiresOn,
        保管机构: '中共临江县委组织部',
      },
    ];
  });
}

function tripRows(family: Family, person: Person, year: number): Row[] {
  return family.trips.flatMap((trip) => {
    const stated = trip.declared(year);
    const isOwn = trip.document.person === person && yearOf(trip.leftOn) === year;
    if (!isOwn || stated === 'left-out') return [];
    const { leftOn, returnedOn } = stated === 'as-it-is' ? trip : { ...trip, ...stated };
    return [
      {
        出境日期: leftOn,
        入境日期: returnedOn,
        国家或地区: trip.region,
        事由: '旅游',
        审批机构: '中共临江县委组织部',
        所用证件: trip.document.documentNo,
      },
    ];
  });
}

function holdingRows(family: Family, year: number): Row[] {
  const household = householdOf(family, year);
  return family.holdings.flatMap(({ owner, kind, name, isMarketValue, amount }) => {
    const yuan = amount(year);
    if (yuan === null || !household.includes(owner)) return [];
    return [
      {
        持有人: owner.name,
        类别: kind,
        名称: name,
        '金额（万元）': wan(yuan),
        是否市值: isMarketValue ? '是' : '否',
      },
    ];
  });
}
