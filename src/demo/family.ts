/**
 * Makes the whole life of one ordinary family from (seed, index) alone: innocent under every rule and
 * clear of its limits. Families of planted cases are made from their cases alone (planted/).
 */

import { addDays, ageOn, dateOf } from './calendar.ts';
import { careerOf } from './career.ts';
import { type County, isCouple } from './county.ts';
import { earn } from './earnings.ts';
import { settle } from './homes.ts';
import type { Family, Official, Person, Relative } from './model.ts';
import { fullName } from './names.ts';
import { adultId, offspringId, offspringYear, type Sex } from './numbers.ts';
import { Random } from './random.ts';
import { save } from './savings.ts';
import { travel } from './travel.ts';
import { unitOf } from './units.ts';
import { drive } from './vehicles.ts';

const other = (sex: Sex): Sex => (sex === 'male' ? 'female' : 'male');

const bornOn = (idNumber: string): string =>
  `${idNumber.slice(6, 10)}-${idNumber.slice(10, 12)}-${idNumber.slice(12, 14)}`;

const makePerson = (random: Random, idNumber: string, sex: Sex, surname?: string): Person => ({
  name: fullName(random, sex, surname),
  idNumber,
  sex,
  bornOn: bornOn(idNumber),
});

export function makeFamily(county: County, index: number): Family {
  const random = new Random(county.seed, 'family', index);
  const couple = isCouple(county, index);
  const sex: Sex = random.chance(0.68) ? 'male' : 'female';
  const birthYear = random.int(1967, 1998);
  const self = makePerson(random, adultId(index, birthYear, sex), sex);
  const isMarried = couple || random.chance(birthYear > 1994 ? 0.35 : 0.93);
  const isDivorced = !couple && isMarried && random.chance(0.05);
  const family: Family = {
    index,
    officials: [],
    relatives: [],
    incomes: [],
    homes: [],
    vehicles: [],
    documents: [],
    trips: [],
    holdings: [],
  };
  const spouse = isMarried
    ? makePerson(random, adultId(index, birthYear + random.int(-2, 3), other(sex)), other(sex))
    : undefined;
  if (spouse) addSpouse(family, random, spouse, birthYear, isDivorced);
  if (isMarried) addChildren(family, random, self, birthYear);
  family.officials = [makeOfficial(county, self, index, 0)];
  if (couple && spouse) family.officials.push(makeOfficial(county, spouse, index + 1, 1));
  liveBaseLife(county, family, random);
  return family;
}

function addSpouse(
  family: Family,
  random: Random,
  person: Person,
  birthYear: number,
  isDivorced: boolean,
): void {
  // Married before the first income year, so that every year compared has the same earners.
  const weddingYear = Math.min(2021, birthYear + random.int(24, 28));
  const from = dateOf(weddingYear, random.int(1, 12), random.int(1, 28));
  const to = addDays('2020-01-01', random.int(0, 1600));
  const ended = isDivorced && to > from;
  const isCoLiving = (year: number) => !ended || to > dateOf(year, 12, 31);
  family.relatives.push({ person, relation: '配偶', isCoLiving, from, ...(ended ? { to } : {}) });
}

function addChildren(family: Family, random: Random, self: Person, birthYear: number): void {
  const count = random.pick([0, 1, 1, 1, 2]);
  for (let slot = 0; slot < count; slot += 1) {
    const wanted = birthYear + random.int(27, 31) + slot * 5;
    const year = offspringYear(family.index, slot, wanted);
    if (year > 2022) continue;
    const sex: Sex = random.chance(0.52) ? 'male' : 'female';
    const surname = self.name.slice(0, 1);
    const child = makePerson(random, offspringId(family.index, slot, year, sex), sex, surname);
    const isStudent = random.chance(0.7);
    const isCoLiving = (y: number) =>
      ageOn(child.bornOn, dateOf(y, 12, 31)) < (isStudent ? 22 : 18);
    const first = slot === 0;
    const relation = sex === 'male' ? (first ? '长子' : '次子') : first ? '长女' : '次女';
    family.relatives.push({ person: child, relation, isCoLiving, from: child.bornOn });
    if (first && year < 1996 && random.chance(0.6)) addChildsSpouse(family, random, child, year);
  }
}

function addChildsSpouse(family: Family, random: Random, child: Person, year: number): void {
  const sex = other(child.sex);
  const born = offspringYear(family.index, 2, year + 1);
  const relative: Relative = {
    person: makePerson(random, offspringId(family.index, 2, born, sex), sex),
    relation: sex === 'male' ? '女婿' : '儿媳',
    isCoLiving: () => false,
    from: dateOf(Math.min(2023, year + 27), random.int(1, 5), random.int(1, 28)),
  };
  family.relatives.push(relative);
}

function makeOfficial(county: County, person: Person, index: number, place: number): Official {
  const unit = unitOf(county.units, index);
  const random = new Random(county.seed, 'career', index);
  const career = careerOf(random, { person, unit, index, until: county.until });
  const petitions = county.complaintsOf(unit).get(index) ?? [];
  return { person, index, unit, place, petitions: [...petitions], ...career };
}

function liveBaseLife(county: County, family: Family, random: Random): void {
  earn(family, random);
  settle(family, random);
  drive(family, random);
  travel(family, random, county.until);
  save(family, random);
}
