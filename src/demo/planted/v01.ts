/** V01 vehicle price against a year's income of the household. */
import { netIncome } from '../earnings.ts';
import type { Vehicle } from '../model.ts';
import { addVehicle } from '../vehicles.ts';
import type { Card, Stage } from './case.ts';

const yes = { rule: 'V01', kind: 'true', severity: 'yellow' } as const;
const no = { rule: 'V01', kind: 'near-miss' } as const;

const thousands = (yuan: number): number => Math.floor(yuan / 1000) * 1000;
/** The same in every year, because a quiet family's income does not change. */
const yearly = ({ family, self, spouse }: Stage): number => netIncome(family, [self, spouse], 2024);

/** A car for this share of the household's yearly income after tax. */
export function car(stage: Stage, share: number, wish: Partial<Vehicle> = {}): Vehicle {
  const { family, random, self } = stage;
  const price = thousands(yearly(stage) * share);
  return addVehicle(family, random, { owner: self, registeredOn: '2024-07-18', price, ...wish });
}

export const V01: readonly Card[] = [
  {
    ...yes,
    id: 'own-car',
    count: 2,
    zh: '购车价为家庭年收入的80%，无贷款',
    en: "price 80 % of the household's yearly income, no loan",
    plant: (stage) => car(stage, 0.8),
  },
  {
    ...yes,
    id: 'spouse-car',
    count: 2,
    zh: '配偶名下车辆，价格为家庭年收入的95%',
    en: "the spouse's car, 95 % of the household's yearly income",
    plant: (stage) => car(stage, 0.95, { owner: stage.spouse, registeredOn: '2025-02-20' }),
  },
  {
    ...yes,
    id: 'loan-too-small',
    count: 1,
    zh: '价格为年收入的90%，贷款只占40%',
    en: '90 % of the yearly income with a loan of only 40 %',
    plant: (stage) => {
      const bought = car(stage, 0.9);
      bought.loan = (bought.price ?? 0) * 0.4;
    },
  },
  {
    ...yes,
    id: 'second-car',
    count: 1,
    zh: '第二辆车超过收入，第一辆正常',
    en: 'the second car is beyond means, the first is not',
    plant: (stage) => {
      car(stage, 0.2, { registeredOn: '2023-09-12' });
      car(stage, 0.75, { registeredOn: '2025-05-14', owner: stage.spouse });
    },
  },
  {
    ...no,
    id: 'inherited',
    count: 1,
    zh: '继承取得的车辆',
    en: 'an inherited car',
    plant: (stage) => car(stage, 0.9, { obtainedBy: '继承' }),
  },
  {
    ...no,
    id: 'gift',
    count: 1,
    zh: '受赠取得的车辆',
    en: 'a car received as a gift',
    plant: (stage) => car(stage, 0.9, { obtainedBy: '赠与' }),
  },
  {
    ...no,
    id: 'loan-exactly-half',
    count: 1,
    zh: '贷款恰为车价的50%',
    en: 'the loan is exactly half the price',
    plant: (stage) => {
      const bought = car(stage, 0.8);
      bought.loan = (bought.price ?? 0) / 2;
    },
  },
  {
    ...no,
    id: 'large-loan',
    count: 1,
    zh: '贷款占车价70%',
    en: 'a loan of 70 % of the price',
    plant: (stage) => {
      const bought = car(stage, 0.9);
      bought.loan = (bought.price ?? 0) * 0.7;
    },
  },
  {
    ...no,
    id: 'forty-nine-percent',
    count: 2,
    zh: '车价为家庭年收入的49%',
    en: "price 49 % of the household's yearly income",
    plant: (stage) => car(stage, 0.49),
  },
  {
    ...no,
    id: 'spouse-earns',
    count: 1,
    zh: '超过本人年收入一半，但不到家庭年收入一半',
    en: "more than half of the official's own income, less than half of the household's",
    plant: (stage) => {
      const own = netIncome(stage.family, [stage.self], 2024);
      car(stage, 0, { price: Math.min(thousands(own * 0.7), thousands(yearly(stage) * 0.48)) });
    },
  },
  {
    ...no,
    id: 'two-cheap-cars',
    count: 1,
    zh: '两辆车合计超过一半，单车均未超过',
    en: 'two cars together more than half, neither alone',
    plant: (stage) => {
      car(stage, 0.32);
      car(stage, 0.32, { owner: stage.spouse, registeredOn: '2024-09-19' });
    },
  },
];
