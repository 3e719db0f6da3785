/**
 * W01 growth of assets beyond lawful income over three years. All purchases fall into 2024 and the
 * income is the same every year, so the sums are equal for every window of three years around it.
 */
import { netIncome } from '../earnings.ts';
import { addHome, type HomeWish } from '../homes.ts';
import type { Person } from '../model.ts';
import { addHolding } from '../savings.ts';
import type { Card, Stage } from './case.ts';

const yes = { rule: 'W01', kind: 'true' } as const;
const no = { rule: 'W01', kind: 'near-miss' } as const;

const hundreds = (yuan: number): number => Math.floor(yuan / 100) * 100;
const threeYears = ({ family, self, spouse }: Stage): number =>
  [2023, 2024, 2025].reduce((sum, year) => sum + netIncome(family, [self, spouse], year), 0);

/** Above max(100,000, 20 %) and clearly not above max(300,000, 50 %). */
const yellow = (income: number): number => Math.max(130_000, income * 0.33);
const red = (income: number): number => Math.max(390_000, income * 0.7);

/** A home whose own share of the price is `ownShare`; it is declared. */
const buy = (stage: Stage, ownShare: number, owners: Person[], wish: Partial<HomeWish> = {}) => {
  const mortgage = wish.mortgage ?? 0;
  const price = hundreds(ownShare) + mortgage;
  return addHome(stage.family, stage.random, {
    owners,
    registeredOn: '2024-06-12',
    declared: () => 'as-it-is',
    ...wish,
    price,
  });
};

/** What is stated as received: declared for the year of receipt and the year after. */
const stated = (stage: Stage, kind: string, name: string, yuan: number) =>
  addHolding(stage.family, {
    owner: stage.self,
    kind,
    name,
    amount: (year) => (year >= 2024 ? hundreds(yuan) : null),
  });

/** Bought with a gap of a third of the income: the yellow finding that stacked cases use. */
export const beyondMeans = (stage: Stage): void => {
  const income = threeYears(stage);
  buy(stage, income + yellow(income), [stage.self]);
};

export const W01: readonly Card[] = [
  {
    ...yes,
    id: 'own-home',
    count: 2,
    severity: 'yellow',
    zh: '全款购房，超出三年收入约三分之一',
    en: 'a home paid in full, a third beyond three years of income',
    plant: beyondMeans,
  },
  {
    ...yes,
    id: 'mortgage-does-not-explain',
    count: 1,
    severity: 'yellow',
    zh: '扣除按揭后仍超出三年收入约三分之一',
    en: 'a third beyond three years of income even after the mortgage',
    plant: (stage) => {
      const income = threeYears(stage);
      buy(stage, income + yellow(income), [stage.spouse], { mortgage: 600_000 });
    },
  },
  {
    ...yes,
    id: 'insurance',
    count: 1,
    severity: 'yellow',
    zh: '投资型保险（非市值）增加额超出收入',
    en: 'investment insurance at cost grew beyond the income',
    plant: (stage) => {
      const income = threeYears(stage);
      const grown = hundreds(income + yellow(income));
      addHolding(stage.family, {
        owner: stage.spouse,
        kind: '投资型保险',
        name: '鑫享年金保险（投资型）',
        amount: (year) => (year >= 2024 ? grown + 20_000 : 20_000),
      });
    },
  },
  {
    ...yes,
    id: 'red-home',
    count: 2,
    severity: 'red',
    zh: '全款购房，超出三年收入七成',
    en: 'a home paid in full, seven tenths beyond three years of income',
    plant: (stage) => {
      const income = threeYears(stage);
      buy(stage, income + red(income), [stage.spouse]);
    },
  },
  {
    ...yes,
    id: 'red-two-homes',
    count: 1,
    severity: 'red',
    zh: '一年内两套住房，合计超出三年收入七成',
    en: 'two homes in a year, together seven tenths beyond three years of income',
    plant: (stage) => {
      const income = threeYears(stage);
      const half = (income + red(income)) / 2;
      buy(stage, half, [stage.self]);
      buy(stage, half, [stage.spouse], { registeredOn: '2024-09-05' });
    },
  },
  {
    ...yes,
    id: 'red-child-home',
    count: 1,
    severity: 'red',
    zh: '以共同生活的未成年子女名义全款购房',
    en: 'a home paid in full in the name of a co-living minor child',
    plant: (stage) => {
      const income = threeYears(stage);
      buy(stage, income + red(income), [stage.child]);
    },
  },
  {
    ...no,
    id: 'sold-old-home',
    count: 1,
    zh: '卖旧买新，售房款可解释',
    en: 'explained by the sale of the old home',
    plant: (stage) => {
      const income = threeYears(stage);
      addHome(stage.family, stage.random, {
        owners: [stage.self],
        registeredOn: '2010-04-08',
        cancelledOn: '2024-03-15',
        price: 200_000,
        soldFor: hundreds(income * 0.9),
        declared: () => 'as-it-is',
      });
      buy(stage, income * 1.4, [stage.self]);
    },
  },
  {
    ...no,
    id: 'gift',
    count: 1,
    zh: '父母资助，已报告受赠',
    en: "parents' gift, declared",
    plant: (stage) => {
      const income = threeYears(stage);
      stated(stage, '受赠', '父母资助购房款', income * 0.6);
      buy(stage, income * 1.4, [stage.self]);
    },
  },
  {
    ...no,
    id: 'inheritance',
    count: 1,
    zh: '继承所得，已报告',
    en: 'an inheritance, declared',
    plant: (stage) => {
      const income = threeYears(stage);
      stated(stage, '继承所得', '继承父亲存款', income * 0.6);
      buy(stage, income * 1.4, [stage.self]);
    },
  },
  {
    ...no,
    id: 'loan',
    count: 1,
    zh: '借入款，已报告',
    en: 'a loan taken, declared',
    plant: (stage) => {
      const income = threeYears(stage);
      stated(stage, '借入款', '向兄长借款', income * 0.6);
      buy(stage, income * 1.4, [stage.self]);
    },
  },
  {
    ...no,
    id: 'just-below-100k',
    count: 2,
    zh: '差额9.5万元，低于10万元',
    en: 'a gap of 95,000 yuan, below 100,000',
    plant: (stage) => void buy(stage, threeYears(stage) + 95_000, [stage.self]),
  },
  {
    ...no,
    id: 'just-below-20-percent',
    count: 1,
    zh: '差额为收入的19%',
    en: 'a gap of 19 % of the income',
    plant: (stage) => void buy(stage, threeYears(stage) * 1.19, [stage.self]),
  },
  {
    ...no,
    id: 'joint-home-counted-once',
    count: 1,
    zh: '夫妻共有一套房，重复计算才会超出',
    en: 'a joint home that exceeds the income only if counted twice',
    plant: (stage) => void buy(stage, threeYears(stage) * 0.85, [stage.self, stage.spouse]),
  },
  {
    ...no,
    id: 'mortgage',
    count: 1,
    zh: '总价高，按揭后自付不超收入',
    en: 'a high price, but the own share after the mortgage is within the income',
    plant: (stage) =>
      void buy(stage, threeYears(stage) * 0.6, [stage.self], { mortgage: 1_200_000 }),
  },
  {
    ...no,
    id: 'market-value',
    count: 1,
    zh: '股票按市值上涨，不是投入',
    en: 'shares rose in market value; nothing was put in',
    plant: (stage) => {
      const income = threeYears(stage);
      addHolding(stage.family, {
        owner: stage.self,
        kind: '股票',
        name: '临江科技',
        isMarketValue: true,
        amount: (year) => (year >= 2024 ? hundreds(income * 2) : 50_000),
      });
    },
  },
  {
    ...no,
    id: 'inherited-home',
    count: 1,
    zh: '继承的住房没有支出',
    en: 'an inherited home cost nothing',
    plant: (stage) =>
      void addHome(stage.family, stage.random, {
        owners: [stage.self],
        obtainedBy: '继承',
        registeredOn: '2024-05-14',
        declared: () => 'as-it-is',
      }),
  },
];
