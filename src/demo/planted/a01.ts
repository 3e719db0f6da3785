/** A01 whole home not declared: homes left out, and homes that only look left out. */
import { addHome } from '../homes.ts';
import type { Card } from './case.ts';

const leftOut = (): 'left-out' => 'left-out';
/** The newest declaration is the one compared. */
const NEWEST = ['2025'] as const;
const yes = { rule: 'A01', kind: 'true', severity: 'red' } as const;
const no = { rule: 'A01', kind: 'near-miss' } as const;
const OLD = '2013-09-16';

export const A01: readonly Card[] = [
  {
    ...yes,
    id: 'own-home',
    count: 2,
    periods: NEWEST,
    zh: '本人名下一套住房三年均未报告',
    en: 'a home in the own name left out in all three years',
    plant: ({ family, random, self }) =>
      addHome(family, random, { owners: [self], registeredOn: OLD, declared: leftOut }),
  },
  {
    ...yes,
    id: 'spouse-home',
    count: 2,
    periods: NEWEST,
    zh: '配偶名下一套住房未报告',
    en: "a home in the spouse's name left out",
    plant: ({ family, random, spouse }) =>
      addHome(family, random, { owners: [spouse], registeredOn: OLD, declared: leftOut }),
  },
  {
    ...yes,
    id: 'child-home',
    count: 1,
    periods: NEWEST,
    zh: '共同生活的未成年子女名下住房未报告',
    en: 'a home of a co-living minor child left out',
    plant: ({ family, random, child }) =>
      addHome(family, random, {
        owners: [child],
        registeredOn: '2020-09-16',
        obtainedBy: '赠与',
        declared: leftOut,
      }),
  },
  {
    ...yes,
    id: 'last-year-only',
    count: 1,
    periods: NEWEST,
    zh: '共有住房2023、2024年度已报告，2025年度漏掉整套',
    en: 'a joint home declared for 2023 and 2024 but left out for 2025',
    plant: ({ family, random, self, spouse }) =>
      addHome(family, random, {
        owners: [self, spouse],
        registeredOn: OLD,
        declared: (year) => (year === 2025 ? 'left-out' : 'as-it-is'),
      }),
  },
  {
    ...yes,
    id: 'home-behind-parking',
    count: 1,
    periods: NEWEST,
    zh: '报告了同小区车位，未报告住房（地址相近而面积相差很大）',
    en: 'the parking space of the same compound is declared, the home is not (alike in address, not in area)',
    plant: ({ family, random, self }) => {
      const home = addHome(family, random, {
        owners: [self],
        registeredOn: OLD,
        declared: leftOut,
      });
      addHome(family, random, {
        owners: [self],
        registeredOn: OLD,
        use: '车位',
        areaM2: '12.60',
        address: `${home.address}附属车位`,
      });
    },
  },
  {
    ...yes,
    id: 'share-of-home',
    count: 1,
    periods: NEWEST,
    zh: '与家人按份共有50%的住房未报告',
    en: 'half a home held in shares left out',
    plant: ({ family, random, self }) =>
      addHome(family, random, {
        owners: [],
        registeredOn: OLD,
        obtainedBy: '继承',
        ownership: '按份共有',
        declared: leftOut,
      }).owners.push({ person: self, share: '50' }),
  },
  {
    ...no,
    id: 'other-wording',
    count: 2,
    zh: '同一套房地址写法不同，不动产单元号相同',
    en: 'the same home with the address worded differently; unit number agrees',
    plant: ({ family, random, self }) =>
      addHome(family, random, {
        owners: [self],
        registeredOn: OLD,
        declared: () => ({ address: '本县老城区自购住房一套', certificateNo: '' }),
      }),
  },
  {
    ...no,
    id: 'certificate-only',
    count: 1,
    zh: '报告表只写权证号，地址笼统',
    en: 'only the certificate number is given, the address is vague',
    plant: ({ family, random, self }) =>
      addHome(family, random, {
        owners: [self],
        registeredOn: OLD,
        declared: () => ({ address: '临江县城区住房', unitNo: '' }),
      }),
  },
  {
    ...no,
    id: 'area-within-five-percent',
    count: 1,
    zh: '无单元号、权证号；地址一致，面积少报4%以内',
    en: 'no numbers given; same address, area lower by less than 4 %',
    plant: ({ family, random, self }) => {
      const home = addHome(family, random, { owners: [self], registeredOn: OLD });
      const areaM2 = (Number(home.areaM2) * 0.965).toFixed(2);
      home.declared = () => ({ unitNo: '', certificateNo: '', areaM2 });
    },
  },
  {
    ...no,
    id: 'full-width-address',
    count: 1,
    zh: '无单元号、权证号；地址用全角数字且省略末字',
    en: 'no numbers given; address in full-width digits without its last character',
    plant: ({ family, random, self }) => {
      const home = addHome(family, random, { owners: [self], registeredOn: OLD });
      const address = fullWidth(home.address).slice(0, -1);
      home.declared = () => ({ unitNo: '', certificateNo: '', address });
    },
  },
  {
    ...no,
    id: 'inherited-and-sold',
    count: 1,
    zh: '年内继承、年底前已出售注销',
    en: 'inherited and sold again before 31 December',
    plant: ({ family, random, self }) =>
      addHome(family, random, {
        owners: [self],
        obtainedBy: '继承',
        registeredOn: '2025-03-11',
        cancelledOn: '2025-10-15',
        soldFor: 460_000,
        declared: leftOut,
      }),
  },
  {
    ...no,
    id: 'demolished',
    count: 1,
    zh: '房屋已拆除，登记于2025年11月注销',
    en: 'demolished; the title was cancelled in November 2025',
    plant: ({ family, random, self }) =>
      addHome(family, random, {
        owners: [self],
        registeredOn: OLD,
        cancelledOn: '2025-11-20',
        declared: (year) => (year === 2025 ? 'left-out' : 'as-it-is'),
      }),
  },
  {
    ...no,
    id: 'parking-only',
    count: 1,
    zh: '只有车位未报告（属A03，不属A01）',
    en: 'only a parking space is left out (A03, not A01)',
    plant: ({ family, random, self }) =>
      addHome(family, random, {
        owners: [self],
        registeredOn: OLD,
        use: '车位',
        areaM2: '13.20',
        declared: leftOut,
      }),
  },
  {
    ...no,
    id: 'next-january',
    count: 1,
    zh: '登记日期在次年1月',
    en: 'registered in January of the next year',
    plant: ({ family, random, spouse }) =>
      addHome(family, random, {
        owners: [spouse],
        obtainedBy: '赠与',
        registeredOn: '2026-01-15',
        declared: leftOut,
      }),
  },
  {
    ...no,
    id: 'independent-child',
    count: 1,
    zh: '成年且不共同生活的子女名下住房',
    en: 'home of an adult child who does not live in the household',
    hasAdultChild: true,
    plant: ({ family, random, child }) =>
      addHome(family, random, { owners: [child], registeredOn: '2021-04-09', declared: leftOut }),
  },
  {
    ...no,
    id: 'divorced',
    count: 1,
    zh: '2022年已离婚，前配偶名下住房',
    en: 'home of a spouse divorced in 2022',
    plant: ({ family, random, spouse }) => {
      const kinship = family.relatives.find(({ person }) => person === spouse);
      if (kinship) {
        kinship.to = '2022-04-12';
        kinship.isCoLiving = () => false;
      }
      for (const home of family.homes)
        home.owners = home.owners.filter(({ person }) => person !== spouse);
      addHome(family, random, { owners: [spouse], registeredOn: OLD, declared: leftOut });
    },
  },
];

const fullWidth = (text: string): string =>
  text.replace(/[0-9]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
