/** The people of the county as the people of a case: the case names roles, the county gives them names and numbers. */
import type { Cast, CastPerson } from '../../cases/index.ts';
import type { Family } from '../model.ts';
import { fullName, TOWNS } from '../names.ts';
import { adultId, offspringId, offspringYear, type Sex, unitCode } from '../numbers.ts';
import { Random } from '../random.ts';

/** Units of planted officials are numbered above those of the county and of employers. */
const FIRST_UNIT = 2_000_000;
const OFFICES = [
  '财政所',
  '林业站',
  '水利站',
  '农经站',
  '文化站',
  '市场监管所',
  '司法所',
  '统计站',
];

const other = (sex: Sex): Sex => (sex === 'male' ? 'female' : 'male');

const called = (name: string, idNumber: string, sex: Sex): CastPerson => ({
  name,
  idNumber,
  sex,
  bornOn: `${idNumber.slice(6, 10)}-${idNumber.slice(10, 12)}-${idNumber.slice(12, 14)}`,
});

const person = (random: Random, idNumber: string, sex: Sex): CastPerson =>
  called(fullName(random, sex), idNumber, sex);

const ownUnit = (index: number): Cast['unit'] => {
  const town = TOWNS[index % TOWNS.length];
  const office = OFFICES[Math.floor(index / TOWNS.length) % OFFICES.length];
  return { code: unitCode('11', FIRST_UNIT + index), name: `临江县${town}${office}（${index}）` };
};

/** Whoever a planted case of this official speaks of; without a unit the official has one of its own. */
export function castOf(seed: number, index: number, unit: Cast['unit'] = ownUnit(index)): Cast {
  const random = new Random(seed, 'planted', index);
  const sex: Sex = random.chance(0.68) ? 'male' : 'female';
  const birthYear = random.int(1970, 1982);
  const self = person(random, adultId(index, birthYear, sex), sex);
  const spouseId = adultId(index, birthYear + random.int(-2, 3), other(sex));
  const people = new Map<string, CastPerson>([
    ['self', self],
    ['spouse', person(random, spouseId, other(sex))],
  ]);
  const childYear = random.int(2013, 2018);
  const childName = fullName(random, 'male', self.name.slice(0, 1));
  const child = (since: string): CastPerson => {
    const year = offspringYear(index, 0, Math.min(childYear, Number(since.slice(0, 4)) - 1));
    return called(childName, offspringId(index, 0, year, 'male'), 'male');
  };
  let strangers = 0;
  /** Everybody else the case names, each with a birth year of his or her own. */
  const stranger = (nth: number): CastPerson => {
    const slot = 1 + (nth % 2);
    const year = offspringYear(index, slot, 1968 + 4 * (nth >> 2));
    const its: Sex = nth & 2 ? 'male' : 'female';
    return person(random, offspringId(index, slot, year, its), its);
  };
  return {
    number: index,
    unit,
    person(role, since = '9999') {
      const known = people.get(role) ?? (role === 'child' ? child(since) : stranger(strangers++));
      people.set(role, known);
      return known;
    },
  };
}

/** The head of an ordinary family, for rows that say nothing remarkable. */
export function castOfFamily({ index, officials }: Family): Cast {
  const [official] = officials;
  if (!official) throw new RangeError('a family without an official');
  const { code, name } = official.unit;
  return { number: index, unit: { code, name }, person: () => official.person };
}
