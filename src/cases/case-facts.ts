/**
 * The facts of one case: what it names, completed by what is ordinary. The same facts are put straight
 * into the graph by the tests of rules and delivered by the departments of the demo county.
 */

import type { JsonValue } from '../../connectors/kit/record.ts';
import { PERSON } from '../../schema/fact-tables.ts';
import type { RuleCase } from '../rules/kit/cases.ts';
import type { Cast } from './cast.ts';
import { checkCase, fenFieldOf } from './check-case.ts';
import type { FactKind, FactKinds } from './fact-kinds.ts';
import type { Neighbour } from './ordinary.ts';
import { ordinaryValue, type Place } from './ordinary-value.ts';

export type Row = Readonly<Record<string, JsonValue>>;

export type CaseFact = {
  kind: string;
  /** Whose it is, by the word of the case; for rows that bring a person in, who that is. */
  of: string;
  /** Field → value: columns of the fact table, and fields only the feed has (numbers, names). */
  row: Row;
};

/** A case and what its rule reads; a rule that stacks findings leaves nothing beside its rows. */
export type Told = { ruleId: string; reads: ReadonlySet<string> | 'everything'; given: RuleCase };

const SELF = 'self';
/** Most facts of one case, and most people: their numbers stay apart from those of the next case. */
const MOST_FACTS = 256;
const MOST_PEOPLE = 16;
const FEN_PER_WAN = 1_000_000;

type Wanted = { kind: string; of: string; row: Row };

/** What the case names, each row as often as it stands there. */
const namedRows = ({ facts }: RuleCase): Wanted[] =>
  facts
    .flatMap((fact) => Object.entries(fact))
    .flatMap(([kind, { of = SELF, times = 1, ...row }]) =>
      Array.from({ length: Number(times) }, () => ({ kind, of: String(of), row })),
    );

/** Rows every official has; a row the case names about the official itself takes their place. */
function defaultRows(kinds: FactKinds, { without }: RuleCase, named: readonly Wanted[]): Wanted[] {
  const isNamed = ({ kind, ordinary }: FactKind) =>
    named.some((fact) => fact.kind === kind && (fact.of === SELF || ordinary.introduces));
  return [...kinds.values()]
    .filter((kind) => !without.includes(kind.kind) && !isNamed(kind))
    .flatMap(({ kind, ordinary }) =>
      ordinary.always.map(({ of = SELF, ...row }) => ({ kind, of: String(of), row })),
    );
}

/** Rows that bring in the spouse and children the case speaks of, unless rows already do. */
const introductions = (kinds: FactKinds, rows: readonly Wanted[]): Wanted[] =>
  [...kinds.values()].flatMap(({ kind, ordinary }) =>
    Object.keys(ordinary.roles)
      .filter((role) => rows.some((row) => row.kind !== kind && row.of === role))
      .filter((role) => !rows.some((row) => row.kind === kind && row.of === role))
      .map((of) => ({ kind, of, row: {} })),
  );

/** Money given in 万元 becomes 分. */
const inFen = (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      const field = fenFieldOf(name);
      return field ? [field, String(Math.round(Number(value) * FEN_PER_WAN))] : [name, value];
    }),
  );

const PLACEHOLDER = /\{(\w+)\}/g;

function filled(row: Row, words: Readonly<Record<string, JsonValue>>): Row {
  const fill = (text: string) =>
    text.replace(PLACEHOLDER, (whole, name: string) => String(words[name] ?? whole));
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'string' ? fill(value) : value,
    ]),
  );
}

/** Makes whole rows for one case, numbering them. */
class Completion {
  readonly #kinds: FactKinds;
  readonly #cast: Cast;
  readonly #roles: string[] = [];
  #rows = 0;

  constructor(kinds: FactKinds, cast: Cast) {
    this.#kinds = kinds;
    this.#cast = cast;
  }

  #personNumber(role: string): number {
    if (!this.#roles.includes(role)) this.#roles.push(role);
    if (this.#roles.length > MOST_PEOPLE) throw new RangeError('too many people in one case');
    return this.#cast.number * MOST_PEOPLE + this.#roles.indexOf(role);
  }

  complete({ kind: name, of, row }: Wanted): CaseFact {
    const kind = this.#kinds.get(name);
    if (!kind) throw new RangeError(`no feed delivers ${name}`);
    this.#rows += 1;
    if (this.#rows > MOST_FACTS) throw new RangeError('too many facts in one case');
    const { unit, number } = this.#cast;
    const person = this.#cast.person(of);
    const n = number * MOST_FACTS + this.#rows;
    const place: Place = { n, personNumber: this.#personNumber(of), person, unit };
    const { ordinary } = kind;
    const said: Row = inFen({ ...ordinary.row, ...ordinary.roles[of], ...row });
    const words = {
      ...{ n, case: String(number).padStart(6, '0'), unit: unit.code, unitName: unit.name },
      ...person,
    };
    // A row that brings a person in is about the official; its names are the other person's.
    const about = ordinary.introduces ? this.#cast.person(SELF) : person;
    const generated = [...kind.fields.values()]
      .filter(({ name: field, isRequired }) => isRequired && !(field in said))
      .map((field) => [field.name, ordinaryValue(field, { ...place, person: about })] as const);
    return { kind: name, of, row: filled({ ...Object.fromEntries(generated), ...said }, words) };
  }
}

/** True when the case already holds such a row: the same key, or without a key the same words. */
function stands(kind: FactKind, facts: readonly CaseFact[], of: string, row: Row): boolean {
  const key = kind.sheets[0]?.[1].key.filter((field) => field in row) ?? [];
  const fields = key.length > 0 ? key : Object.keys(row);
  return facts.some(
    (fact) =>
      fact.kind === kind.kind &&
      // A company is the same company, whosever it is.
      (fact.of === of || kind.table.subject !== PERSON) &&
      fields.every((field) => String(fact.row[field]) === String(row[field])),
  );
}

/** Rows the given ones need, or have beside them in ordinary life. */
function neighbours(kinds: FactKinds, facts: readonly CaseFact[], told: Told, make: Completion) {
  const all = [...facts];
  const bring = (fact: CaseFact, { fact: name, row, when }: Neighbour) => {
    const kind = kinds.get(name);
    const suits = Object.entries(when).every(([field, values]) =>
      values.includes(String(fact.row[field])),
    );
    const wanted = filled(row, fact.row);
    // A declaration is the official's, whoever of the household it speaks of.
    const of = String(wanted.of ?? fact.of);
    const { of: _, ...rest } = wanted;
    if (!kind || !suits || stands(kind, all, of, rest)) return;
    all.push(make.complete({ kind: name, of, row: rest }));
  };
  const isRead = (name: string) => told.reads === 'everything' || told.reads.has(name);
  // What was brought has needs and neighbours of its own, so the list grows while it is read.
  for (const fact of all) {
    const { needs = [], beside = [] } = kinds.get(fact.kind)?.ordinary ?? {};
    for (const each of needs) bring(fact, each);
    for (const each of beside) if (!isRead(each.fact)) bring(fact, each);
  }
  return all;
}

const DAY = /^\d{4}-\d{2}-\d{2}/;

/** The first day that rows tell of, by whose they are: nobody owns a share before birth. */
function firstDays(kinds: FactKinds, rows: readonly Wanted[]): Map<string, string> {
  const days = new Map<string, string>();
  for (const { kind, of, row } of rows) {
    const { row: ordinary = {}, roles = {} } = kinds.get(kind)?.ordinary ?? {};
    for (const value of Object.values({ ...ordinary, ...roles[of], ...row })) {
      const day = typeof value === 'string' ? DAY.exec(value)?.[0] : undefined;
      if (day !== undefined && day < (days.get(of) ?? '9999')) days.set(of, day);
    }
  }
  return days;
}

/** Every fact of the case, about people of `cast`; refuses what the case misnames. */
export function factsOf(kinds: FactKinds, told: Told, cast: Cast): CaseFact[] {
  checkCase(kinds, told.ruleId, told.given);
  const named = namedRows(told.given);
  const said = [...defaultRows(kinds, told.given, named), ...named];
  const wanted = [...introductions(kinds, said), ...said];
  for (const [role, day] of firstDays(kinds, wanted)) cast.person(role, day);
  const make = new Completion(kinds, cast);
  const facts = wanted.map((each) => make.complete(each));
  return neighbours(kinds, facts, told, make);
}
