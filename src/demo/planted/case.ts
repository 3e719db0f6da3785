/**
 * A planted case: which rule it tests, whether the rule must speak, and the one thing it changes in
 * an otherwise quiet, innocent family. A quiet family is a married official in mid-life with a
 * spouse who earns, one declared home bought long ago, one minor child, one post of a few years, and
 * nothing else; its income is the same every year.
 */
import type { County } from '../county.ts';
import type { Answer, AnswerKind, Family, Official, Person } from '../model.ts';
import type { Random } from '../random.ts';

export type Card = {
  rule: string;
  kind: AnswerKind;
  /** Names the case within its rule's file. */
  id: string;
  /** How many at 1,500 officials. */
  count: number;
  zh: string;
  en: string;
  severity?: 'red' | 'yellow';
  /** One answer per period; without it one answer for the person. */
  periods?: readonly string[];
  /** Complaints of the last twelve months this case brings, for the unit's quota. */
  complaints?: number;
  /** Needs a family in which both spouses are officials. */
  isCouple?: boolean;
  /** Official old enough to have a child who earns and lives apart. */
  hasAdultChild?: boolean;
  /** Further rules that speak about the same official (stacked cases). */
  also?: readonly { rule: string; severity: 'red' | 'yellow' }[];
  /** Rules that speak about the other spouse of a couple of officials. */
  alsoSpouse?: readonly { rule: string; severity: 'red' | 'yellow' }[];
  plant(stage: Stage): void;
};

export type Stage = {
  county: County;
  family: Family;
  official: Official;
  self: Person;
  spouse: Person;
  child: Person;
  random: Random;
};

/** The lines this card adds to the answer sheet. */
export function answersOf(card: Card, [official, spouse]: readonly Official[]): Answer[] {
  const words = { note_zh: card.zh, note_en: card.en };
  const about = (person: Official | undefined, { rule, severity }: Verdict, period?: string) => ({
    rule,
    kind: 'true' as const,
    ...words,
    idNumber: person?.person.idNumber ?? '',
    ...(period === undefined ? {} : { period }),
    ...(severity === undefined ? {} : { severity }),
  });
  return [
    ...(card.periods ?? [undefined]).map((period) => ({
      ...about(official, card, period),
      kind: card.kind,
    })),
    ...(card.also ?? []).map((verdict) => about(official, verdict)),
    ...(card.alsoSpouse ?? []).map((verdict) => about(spouse, verdict)),
  ];
}

type Verdict = { rule: string; severity?: 'red' | 'yellow' };
