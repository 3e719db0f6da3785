/** A06 private trip not declared. The documents themselves are always declared. */
import { addDays } from '../calendar.ts';
import { addDocument, addTrip } from '../travel.ts';
import type { Card, Stage } from './case.ts';

const leftOut = (): 'left-out' => 'left-out';
const yes = { rule: 'A06', kind: 'true' } as const;
const no = { rule: 'A06', kind: 'near-miss' } as const;
const HONG_KONG = { region: '香港', port: '罗湖口岸', transportNo: '' };
const MACAU = { region: '澳门', port: '拱北口岸', transportNo: '' };
const JAPAN = { region: '日本', port: '上海浦东机场', transportNo: 'MU523' };

const permit = ({ family, self }: Stage) =>
  addDocument(family, { person: self, kind: 'hk-macau-permit', issuedOn: '2019-04-10' });
const passport = ({ family, self }: Stage) =>
  addDocument(family, { person: self, kind: 'passport', issuedOn: '2019-04-10' });

/** A trip to Hong Kong that is left out; stacked cases use it as their yellow finding. */
export const undeclaredHongKong = (stage: Stage, leftOn: string, days = 3): void => {
  const held = stage.family.documents.find(({ kind }) => kind === 'hk-macau-permit');
  const document = held ?? permit(stage);
  addTrip(stage.family, stage.random, { document, leftOn, days, ...HONG_KONG, declared: leftOut });
};

export const A06: readonly Card[] = [
  {
    ...yes,
    id: 'hong-kong',
    count: 2,
    severity: 'yellow',
    periods: ['2025'],
    zh: '因私赴香港未报告',
    en: 'a private trip to Hong Kong left out',
    plant: (stage) => undeclaredHongKong(stage, '2025-05-02'),
  },
  {
    ...yes,
    id: 'macau',
    count: 1,
    severity: 'yellow',
    periods: ['2025'],
    zh: '因私赴澳门未报告',
    en: 'a private trip to Macau left out',
    plant: (stage) =>
      addTrip(stage.family, stage.random, {
        document: permit(stage),
        leftOn: '2025-08-11',
        days: 2,
        ...MACAU,
        declared: leftOut,
      }),
  },
  {
    ...yes,
    id: 'taiwan',
    count: 1,
    severity: 'yellow',
    periods: ['2025'],
    zh: '因私赴台湾未报告',
    en: 'a private trip to Taiwan left out',
    plant: ({ family, self, random }) => {
      const document = addDocument(family, { person: self, kind: 'taiwan-permit' });
      addTrip(family, random, {
        document,
        leftOn: '2025-09-03',
        days: 6,
        region: '台湾',
        port: '厦门高崎机场',
        transportNo: 'MF881',
        declared: leftOut,
      });
    },
  },
  {
    ...yes,
    id: 'abroad',
    count: 2,
    severity: 'red',
    periods: ['2025'],
    zh: '持普通护照因私赴日本未报告',
    en: 'a private trip to Japan left out',
    plant: (stage) =>
      addTrip(stage.family, stage.random, {
        document: passport(stage),
        leftOn: '2025-04-18',
        days: 7,
        ...JAPAN,
        declared: leftOut,
      }),
  },
  {
    ...yes,
    id: 'other-dates',
    count: 1,
    severity: 'red',
    periods: ['2025'],
    zh: '报告的行程与实际相差4天，不是同一次',
    en: 'the declared trip ends four days before the real one begins',
    plant: (stage) =>
      addTrip(stage.family, stage.random, {
        document: passport(stage),
        leftOn: '2025-10-08',
        days: 5,
        ...JAPAN,
        declared: () => ({ leftOn: '2025-10-01', returnedOn: '2025-10-04' }),
      }),
  },
  {
    ...yes,
    id: 'one-of-two',
    count: 1,
    severity: 'red',
    periods: ['2025'],
    zh: '同年两次出国只报告一次',
    en: 'two trips in one year, one of them declared',
    plant: (stage) => {
      const document = passport(stage);
      const { family, random } = stage;
      addTrip(family, random, { document, leftOn: '2025-02-12', days: 6, ...JAPAN });
      addTrip(family, random, {
        document,
        leftOn: '2025-08-05',
        days: 6,
        ...JAPAN,
        declared: leftOut,
      });
    },
  },
  {
    ...no,
    id: 'two-days-off',
    count: 2,
    zh: '报告日期与记录相差2天',
    en: 'declared with both dates two days off',
    plant: (stage) => {
      const trip = addTrip(stage.family, stage.random, {
        document: passport(stage),
        leftOn: '2025-06-10',
        days: 6,
        ...JAPAN,
      });
      const { leftOn, returnedOn } = trip;
      trip.declared = () => ({ leftOn: addDays(leftOn, -2), returnedOn: addDays(returnedOn, -2) });
    },
  },
  {
    ...no,
    id: 'exactly-two-days-apart',
    count: 1,
    zh: '报告的返回日恰在实际出境日前2天（容差之内）',
    en: 'the declared return is exactly two days before the real exit (within tolerance)',
    plant: (stage) =>
      addTrip(stage.family, stage.random, {
        document: permit(stage),
        leftOn: '2025-05-20',
        days: 1,
        ...HONG_KONG,
        declared: () => ({ leftOn: '2025-05-17', returnedOn: '2025-05-18' }),
      }),
  },
  {
    ...no,
    id: 'official-document',
    count: 1,
    zh: '持公务护照的因公出国',
    en: 'on duty with an official passport',
    plant: ({ family, self, random }) => {
      const document = addDocument(family, {
        person: self,
        kind: 'official-passport',
        issuedOn: '2024-01-08',
        declared: leftOut,
      });
      addTrip(family, random, {
        document,
        leftOn: '2025-06-17',
        days: 5,
        ...JAPAN,
        declared: leftOut,
      });
    },
  },
  {
    ...no,
    id: 'entry-missing',
    count: 1,
    zh: '只有出境半条记录',
    en: 'the entry is missing: half a record',
    plant: (stage) =>
      addTrip(stage.family, stage.random, {
        document: permit(stage),
        leftOn: '2025-03-06',
        days: 3,
        ...HONG_KONG,
        half: 'exit',
        declared: leftOut,
      }),
  },
  {
    ...no,
    id: 'exit-missing',
    count: 1,
    zh: '只有入境半条记录',
    en: 'the exit is missing: half a record',
    plant: (stage) =>
      addTrip(stage.family, stage.random, {
        document: passport(stage),
        leftOn: '2025-11-04',
        days: 5,
        ...JAPAN,
        half: 'entry',
        declared: leftOut,
      }),
  },
  {
    ...no,
    id: 'same-day',
    count: 1,
    zh: '当日往返，已报告',
    en: 'there and back on one day, declared',
    plant: (stage) =>
      addTrip(stage.family, stage.random, {
        document: permit(stage),
        leftOn: '2025-07-12',
        days: 0,
        ...HONG_KONG,
      }),
  },
  {
    ...no,
    id: 'no-declaration-yet',
    count: 1,
    zh: '2026年的行程，该年度报告尚未到期',
    en: 'in 2026, for which no declaration is due yet',
    plant: (stage) =>
      addTrip(stage.family, stage.random, {
        document: permit(stage),
        leftOn: '2026-04-04',
        days: 3,
        ...HONG_KONG,
        declared: leftOut,
      }),
  },
  {
    ...no,
    id: 'spouse-trip',
    count: 1,
    zh: '配偶的因私出国不属本人报告事项',
    en: "the spouse's trip is not the official's item",
    plant: ({ family, spouse, random }) => {
      const document = addDocument(family, {
        person: spouse,
        kind: 'passport',
        declared: leftOut,
      });
      addTrip(family, random, {
        document,
        leftOn: '2025-07-06',
        days: 9,
        ...JAPAN,
        declared: leftOut,
      });
    },
  },
];
