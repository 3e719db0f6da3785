/**
 * Homes, parking spaces, storerooms and shops of base life, all declared. Whatever was bought since
 * 2022 cost, after its mortgage, at most half of three years' income of the household.
 */
import { addDays, addMonths, dateOf } from './calendar.ts';
import { netIncome } from './earnings.ts';
import { householdOf } from './household.ts';
import type { Family, Home, HomeWords, Person } from './model.ts';
import { COMPOUNDS, ROADS, TOWNS } from './names.ts';
import { realEstateUnit } from './numbers.ts';
import type { Random } from './random.ts';

const asItIs = (): 'as-it-is' => 'as-it-is';
/** Unit number or certificate left blank on the form, which the form allows; address and area stand. */
const withoutUnitNo = (): Partial<HomeWords> => ({ unitNo: '' });

export type HomeWish = Partial<Omit<Home, 'owners'>> & {
  owners: readonly Person[];
  storey?: number;
};

/**
 * A title with consistent numbers and address; `wish` overrides. The compound depends on the number
 * of the family's titles, so that two homes of one family never look alike.
 */
export function addHome(family: Family, random: Random, wish: HomeWish): Home {
  const slot = family.homes.length;
  const { owners, storey = 3, ...rest } = wish;
  const place = family.index * 5 + slot * 7;
  const isHome = (rest.use ?? '成套住宅') === '成套住宅';
  const compound = COMPOUNDS[place % COMPOUNDS.length];
  const road = `${TOWNS[(place + slot) % TOWNS.length]}${ROADS[(place + slot * 3) % ROADS.length]}`;
  const door = isHome
    ? `${random.int(1, 30)}幢${random.int(1, 4)}单元${storey + random.int(0, 14)}0${random.int(1, 4)}室`
    : `地下${random.int(1, 2)}层${random.int(100, 999)}号`;
  const home: Home = {
    unitNo: realEstateUnit(family.index, slot),
    certificateNo: `浙（${(rest.registeredOn ?? '2015').slice(0, 4)}）临江县不动产权第${String(family.index * 16 + slot).padStart(7, '0')}号`,
    address: `临江县${road}${random.int(1, 399)}号${compound}${door}`,
    use: '成套住宅',
    areaM2: `${random.int(72, 148)}.${random.int(10, 99)}`,
    owners: owners.map((person) => ({ person, share: '100' })),
    ownership: owners.length > 1 ? '共同共有' : '单独所有',
    obtainedBy: '购买',
    registeredOn: dateOf(random.int(2004, 2019), random.int(1, 12), random.int(1, 28)),
    declared: random.chance(0.3) ? withoutUnitNo : asItIs,
    ...rest,
  };
  family.homes.push(home);
  return home;
}

const round = (yuan: number): number => Math.round(yuan / 100) * 100;

export function settle(family: Family, random: Random): void {
  const [official] = family.officials;
  if (!official) return;
  const spouse = family.relatives.find(({ relation, to }) => relation === '配偶' && !to)?.person;
  const owners = spouse ? [official.person, spouse] : [official.person];
  const price = random.int(30, 90) * 10_000;
  if (random.chance(0.88)) addHome(family, random, { owners, price, mortgage: round(price * 0.4) });
  if (random.chance(0.28))
    addHome(family, random, {
      owners: [random.pick([official.person, ...owners])],
      price: round(price * 0.8),
    });
  if (random.chance(0.07)) inherit(family, random, official.person);
  if (random.chance(0.4)) addSpace(family, random, owners, '车位', 8);
  if (random.chance(0.15)) addSpace(family, random, owners, '储藏室', 3);
  if (random.chance(0.04)) addSpace(family, random, [owners[0] ?? official.person], '商业', 30);
  if (random.chance(0.08)) buyLately(family, random, owners);
  else if (random.chance(0.05)) sellLately(family, random, owners);
  settleRelatives(family, random);
}

function addSpace(
  family: Family,
  random: Random,
  owners: Person[],
  use: string,
  wan: number,
): void {
  const areaM2 = use === '商业' ? '36.50' : `${random.int(8, 14)}.${random.int(10, 99)}`;
  addHome(family, random, { owners, use, areaM2, price: wan * 10_000 });
}

function inherit(family: Family, random: Random, owner: Person): void {
  const registeredOn = addDays('2023-02-01', random.int(0, 900));
  addHome(family, random, { owners: [owner], obtainedBy: '继承', registeredOn });
}

function buyLately(family: Family, random: Random, owners: Person[]): void {
  const yearly = Math.min(
    ...[2022, 2023, 2024].map((year) => netIncome(family, householdOf(family, year), year)),
  );
  const own = round(yearly * 3 * (0.2 + 0.3 * random.next()));
  const price = Math.max(own, round(own / 0.45));
  const registeredOn = addDays('2023-07-10', random.int(0, 900));
  addHome(family, random, { owners, price, mortgage: price - own, registeredOn });
}

function sellLately(family: Family, random: Random, owners: Person[]): void {
  const registeredOn = dateOf(2009, random.int(1, 12), 12);
  const cancelledOn = addMonths('2023-08-08', random.int(0, 33));
  addHome(family, random, { owners, registeredOn, cancelledOn, price: 350_000, soldFor: 520_000 });
}

/** Adult children and a former spouse have homes of their own: nobody's declaration item here. */
function settleRelatives(family: Family, random: Random): void {
  for (const { person, relation, isCoLiving, to } of family.relatives) {
    const isApart = relation === '配偶' ? to !== undefined : !isCoLiving(2023);
    if (!isApart || !random.chance(0.35)) continue;
    const declared = (year: number) => (isCoLiving(year) ? 'as-it-is' : 'left-out');
    addHome(family, random, { owners: [person], declared });
  }
}
