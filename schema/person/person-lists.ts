/** Closed lists about persons, and the sources persons are read from. */
import { closedList } from '../inputs.ts';
import { facts, sourceOf } from '../sources.ts';
import { official, person } from './person.table.ts';

export const Employment = closedList('Employment', ['在职状态', 'Employment'], {
  'in-service': ['在职', 'In service'],
  'out-of-post': ['离岗', 'Out of post'],
  retired: ['退休', 'Retired'],
  left: ['离职', 'Left'],
});

export const anyPerson = sourceOf(person, [person.personId]);
export const cadres = sourceOf(person, [person.personId], (t) => [`${t}.is_official`]);
export const roster = facts(official);
