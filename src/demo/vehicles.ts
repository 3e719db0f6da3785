/** Vehicles of base life: none cost more than three tenths of one year's income of the household. */
import { addDays } from './calendar.ts';
import { netIncome } from './earnings.ts';
import { householdOf } from './household.ts';
import type { Family, Person, Vehicle } from './model.ts';
import { BRANDS } from './names.ts';
import { plate, vin } from './numbers.ts';
import type { Random } from './random.ts';

export type VehicleWish = Partial<Vehicle> & { owner: Person };

/** A registration with consistent numbers; `wish` overrides. */
export function addVehicle(family: Family, random: Random, wish: VehicleWish): Vehicle {
  const slot = family.vehicles.length;
  const vehicle: Vehicle = {
    vin: vin(family.index, slot),
    plate: plate(family.index, slot),
    brand: random.pick(BRANDS),
    kind: random.pick(['小型轿车', '小型轿车', '小型越野客车', '小型普通客车']),
    obtainedBy: '购买',
    registeredOn: '2018-06-12',
    ...wish,
  };
  family.vehicles.push(vehicle);
  return vehicle;
}

export function drive(family: Family, random: Random): void {
  const [official] = family.officials;
  if (!official) return;
  const spouse = family.relatives.find(({ relation, to }) => relation === '配偶' && !to)?.person;
  const yearly = Math.min(
    ...[2022, 2023, 2024, 2025].map((y) => netIncome(family, householdOf(family, y), y)),
  );
  const most = yearly * 0.3;
  const priceOf = () => Math.round((most * (0.5 + 0.5 * random.next())) / 1000) * 1000;
  const owner = spouse ? random.pick([official.person, spouse]) : official.person;
  if (random.chance(0.62)) {
    const registeredOn = addDays('2012-03-01', random.int(0, 3400));
    const isGone = random.chance(0.1);
    const ended = { endedOn: addDays('2023-08-01', random.int(0, 1000)), soldFor: 15_000 };
    addVehicle(family, random, { owner, registeredOn, price: priceOf(), ...(isGone ? ended : {}) });
  }
  if (random.chance(0.16)) {
    const price = priceOf();
    const loan = random.chance(0.4) ? Math.round(price * 0.3) : 0;
    addVehicle(family, random, {
      owner,
      registeredOn: addDays('2023-07-05', random.int(0, 1000)),
      price,
      loan,
    });
  }
  for (const { person, relation, isCoLiving } of family.relatives) {
    if (relation === '配偶' || isCoLiving(2022) || !random.chance(0.3)) continue;
    addVehicle(family, random, {
      owner: person,
      registeredOn: addDays('2022-01-05', random.int(0, 1500)),
      price: 88_000,
    });
  }
}
