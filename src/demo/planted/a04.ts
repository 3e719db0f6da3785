/** A04 ordinary passport not declared. */
import { addDocument } from '../travel.ts';
import type { Card } from './case.ts';

const leftOut = (): 'left-out' => 'left-out';
/** The newest declaration is the one compared. */
const NEWEST = ['2025'] as const;
const yes = { rule: 'A04', kind: 'true', severity: 'red' } as const;
const no = { rule: 'A04', kind: 'near-miss' } as const;

export const A04: readonly Card[] = [
  {
    ...yes,
    id: 'all-years',
    count: 3,
    periods: NEWEST,
    zh: '有效普通护照三年均未报告',
    en: 'a valid passport left out in all three years',
    plant: ({ family, self }) =>
      addDocument(family, { person: self, kind: 'passport', declared: leftOut }),
  },
  {
    ...yes,
    id: 'new-in-december',
    count: 1,
    periods: NEWEST,
    zh: '2025年12月新办护照，2025年度未报告',
    en: 'issued in December 2025 and left out for 2025',
    plant: ({ family, self }) =>
      addDocument(family, {
        person: self,
        kind: 'passport',
        issuedOn: '2025-12-03',
        declared: leftOut,
      }),
  },
  {
    ...yes,
    id: 'cancelled-within-year',
    count: 1,
    periods: NEWEST,
    zh: '2025年6月注销，当年曾有效，未报告',
    en: 'cancelled in June 2025, valid for part of that year, left out',
    plant: ({ family, self }) =>
      addDocument(family, {
        person: self,
        kind: 'passport',
        issuedOn: '2016-08-08',
        state: '注销',
        endedOn: '2025-06-14',
        declared: leftOut,
      }),
  },
  {
    ...yes,
    id: 'second-passport',
    count: 1,
    periods: NEWEST,
    zh: '持两本护照，只报告一本',
    en: 'two passports, one of them declared',
    plant: ({ family, self }) => {
      addDocument(family, { person: self, kind: 'passport', issuedOn: '2019-03-04' });
      addDocument(family, {
        person: self,
        kind: 'passport',
        issuedOn: '2021-11-09',
        declared: leftOut,
      });
    },
  },
  {
    ...yes,
    id: 'held-under-15-digits',
    count: 1,
    periods: NEWEST,
    zh: '出入境库以15位号码登记的护照未报告',
    en: 'a passport registered under the ID of 15 digits left out',
    plant: ({ family, self }) =>
      addDocument(family, {
        person: self,
        kind: 'passport',
        heldUnder15: true,
        declared: leftOut,
      }),
  },
  {
    ...no,
    id: 'expired-before',
    count: 1,
    zh: '2022年已过期的护照',
    en: 'expired in 2022',
    plant: ({ family, self }) =>
      addDocument(family, {
        person: self,
        kind: 'passport',
        issuedOn: '2012-06-12',
        declared: leftOut,
      }),
  },
  {
    ...no,
    id: 'cancelled-before',
    count: 1,
    zh: '2022年已注销的护照',
    en: 'cancelled in 2022',
    plant: ({ family, self }) =>
      addDocument(family, {
        person: self,
        kind: 'passport',
        issuedOn: '2017-06-12',
        state: '注销',
        endedOn: '2022-09-01',
        declared: leftOut,
      }),
  },
  {
    ...no,
    id: 'official-passport',
    count: 1,
    zh: '公务护照不属报告事项',
    en: 'an official passport is not a declaration item',
    plant: ({ family, self }) =>
      addDocument(family, {
        person: self,
        kind: 'official-passport',
        issuedOn: '2023-02-02',
        declared: leftOut,
      }),
  },
  {
    ...no,
    id: 'held-under-15-digits-declared',
    count: 1,
    zh: '出入境库以15位号码登记，已报告',
    en: 'registered under the ID of 15 digits, and declared',
    plant: ({ family, self }) =>
      addDocument(family, { person: self, kind: 'passport', heldUnder15: true }),
  },
  {
    ...no,
    id: 'number-spelled-differently',
    count: 2,
    zh: '护照号小写、带空格，实为同一本',
    en: 'number written in lower case with spaces; the same passport',
    plant: ({ family, self }) => {
      const document = addDocument(family, { person: self, kind: 'passport' });
      const { documentNo } = document;
      const spelled = `${documentNo.slice(0, 2).toLowerCase()} ${documentNo.slice(2, 5)} ${documentNo.slice(5)}`;
      document.declared = () => ({ documentNo: spelled });
    },
  },
  {
    ...no,
    id: 'number-full-width',
    count: 1,
    zh: '护照号用全角字符',
    en: 'number written in full-width characters',
    plant: ({ family, self }) => {
      const document = addDocument(family, { person: self, kind: 'passport' });
      const wide = [...document.documentNo].map((c) =>
        String.fromCharCode(c.charCodeAt(0) + 0xfee0),
      );
      document.declared = () => ({ documentNo: wide.join('') });
    },
  },
  {
    ...no,
    id: 'spouse-passport',
    count: 1,
    zh: '配偶的护照不属本人报告事项',
    en: "the spouse's passport is not the official's item",
    plant: ({ family, spouse }) =>
      addDocument(family, { person: spouse, kind: 'passport', declared: leftOut }),
  },
  {
    ...no,
    id: 'permit-only',
    count: 1,
    zh: '只有往来港澳通行证未报告（属A05）',
    en: 'only a Hong Kong–Macau permit is left out (A05)',
    plant: ({ family, self }) =>
      addDocument(family, { person: self, kind: 'hk-macau-permit', declared: leftOut }),
  },
  {
    ...no,
    id: 'issued-after',
    count: 1,
    zh: '2026年新办，尚无该年度报告',
    en: 'issued in 2026, for which there is no declaration yet',
    plant: ({ family, self }) =>
      addDocument(family, {
        person: self,
        kind: 'passport',
        issuedOn: '2026-02-10',
        declared: leftOut,
      }),
  },
];
