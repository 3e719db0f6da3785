/** The people of a case: invented, but well formed, so that every department could know them. */
import { residentIdWithCheckDigit } from '../../connectors/kit/values/resident-id.ts';
import { usccWithCheckDigit } from '../../connectors/kit/values/uscc.ts';

export type CastPerson = {
  name: string;
  idNumber: string;
  sex: 'male' | 'female';
  bornOn: string;
};

export type Cast = {
  /** Below a million and of this case alone: numbers of documents, cars and letters are made of it. */
  number: number;
  unit: { code: string; name: string };
  /** Whoever plays the role; asked first with the earliest day the case tells of them, born before it. */
  person(role: string, since?: string): CastPerson;
};

const AREA = '999901';
const BIRTHDAYS = 60 * 12 * 28;

/** People for tests: as many as wanted, recognisable, all born on days that exist. */
export function plainCast(number: number): Cast {
  const roles = new Map<string, CastPerson>();
  const digits = String(number).padStart(6, '0');
  const make = (role: string): CastPerson => {
    const at = number * 16 + roles.size;
    const day = at % BIRTHDAYS;
    const parts = [1940 + (day % 60), 1 + (Math.floor(day / 60) % 12), 1 + Math.floor(day / 720)];
    const bornOn = parts.map((part) => String(part).padStart(2, '0')).join('-');
    const sequence = String(Math.floor(at / BIRTHDAYS) + 1).padStart(3, '0');
    const idNumber = residentIdWithCheckDigit(`${AREA}${bornOn.replaceAll('-', '')}${sequence}`);
    const sex = Number(sequence) % 2 === 1 ? 'male' : 'female';
    return { name: `测试${digits}${role}`, idNumber, sex, bornOn };
  };
  // First, so that whoever tells more of the same official later speaks of the same person.
  roles.set('self', make('self'));
  return {
    number,
    unit: { code: usccWithCheckDigit(`11${AREA}${digits}MB0`), name: `测试单位${digits}` },
    person(role) {
      const person = roles.get(role) ?? make(role);
      roles.set(role, person);
      return person;
    },
  };
}
