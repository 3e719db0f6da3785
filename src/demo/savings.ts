/**
 * Stocks, funds, insurance and shares of base life, all declared. What is stated at cost is small: even
 * all of it together would be a small part of three years' income.
 */
import type { Family, Holding, Person } from './model.ts';
import type { Random } from './random.ts';

export type HoldingWish = Partial<Holding> & { owner: Person; kind: string; name: string };

/** A holding with the same amount every year unless `wish` says otherwise. */
export function addHolding(family: Family, wish: HoldingWish): Holding {
  const holding: Holding = { isMarketValue: false, amount: () => 0, ...wish };
  family.holdings.push(holding);
  return holding;
}

export function save(family: Family, random: Random): void {
  const [official] = family.officials;
  if (!official) return;
  const spouse = family.relatives.find(({ relation, to }) => relation === '配偶' && !to)?.person;
  const owner = spouse ? random.pick([official.person, spouse]) : official.person;
  const atMarket = (kind: string, name: string) => {
    const amounts = [0, 1, 2].map(() => random.int(2, 60) * 1000);
    addHolding(family, {
      owner,
      kind,
      name,
      isMarketValue: true,
      amount: (y) => amounts[y - 2023] ?? 0,
    });
  };
  if (random.chance(0.25)) atMarket('股票', '江南水务');
  if (random.chance(0.2)) atMarket('基金', '稳健增长混合基金');
  if (random.chance(0.15)) {
    const yearly = random.int(1, 6) * 1000;
    const amount = (year: number) => yearly * (year - 2020);
    addHolding(family, { owner, kind: '投资型保险', name: '安享两全保险（分红型）', amount });
  }
  if (spouse && random.chance(0.03)) {
    addHolding(family, {
      owner: spouse,
      kind: '经商办企业',
      name: '临江便民商店（个体工商户）',
      amount: () => 20_000,
    });
  }
}
