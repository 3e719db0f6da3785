/**
 * Deals the planted cases over the officials: evenly spaced, the rules taking turns, numbers in
 * proportion to the county's size, never on the head of a unit. A small county gets as many as fit
 * (at most one official in four).
 */
import type { AnswerKind } from '../model.ts';
import type { Unit } from '../units.ts';
import { unitOf } from '../units.ts';
import { A01 } from './a01.ts';
import { A04 } from './a04.ts';
import { A06 } from './a06.ts';
import { C03 } from './c03.ts';
import type { Card } from './case.ts';
import { T01 } from './t01.ts';
import { U02 } from './u02.ts';
import { V01 } from './v01.ts';
import { W01 } from './w01.ts';
import { X01 } from './x01.ts';

export type Deal = {
  cardAt(official: number): Card | undefined;
  /** C03 also judges units; these are planted apart from persons. */
  unitCaseAt(ordinal: number): AnswerKind | undefined;
};

const REFERENCE = 1500;
/** Of this many units one is complained about unusually often, another one often but not unusually. */
const UNITS_PER_CASE = 30;
const LEAST_UNITS = 12;
const MOST = 0.25;

const byRule = [A01, A04, A06, W01, V01, T01, U02, C03, X01];

/** One pack per 1,500 officials; true and innocent cases alternate within a rule. */
function pack(): Card[] {
  const piles = byRule.map((cards) => {
    const all = cards.flatMap((card) => Array.from({ length: card.count }, () => card));
    const rounds = all.map((card, i) => ({ card, turn: turnOf(all, card, i) }));
    return rounds.sort((a, b) => a.turn - b.turn).map(({ card }) => card);
  });
  const longest = Math.max(...piles.map((pile) => pile.length));
  return Array.from({ length: longest }, (_, turn) =>
    piles.flatMap((pile) => pile[turn] ?? []),
  ).flat();
}

/** Spreads both kinds over the pile, so that its first two cards are one of each. */
function turnOf(all: readonly Card[], card: Card, at: number): number {
  const before = all.slice(0, at).filter((other) => other.kind === card.kind).length;
  const same = all.filter((other) => other.kind === card.kind).length;
  return (before + 0.5) / same;
}

export function dealCards(officials: number, units: readonly Unit[]): Deal {
  const size = pack().length;
  const total = Math.min(Math.round((size * officials) / REFERENCE), Math.floor(officials * MOST));
  const nextFor = drawer();
  const at = new Map<number, Card>();
  for (let k = 0; k < total; k += 1) {
    let place = Math.floor(((k + 0.5) * officials) / total);
    const unit = unitOf(units, place);
    if (unit.from === place) place += 1;
    if (place + 1 < officials) at.set(place, nextFor(unit));
  }
  return { cardAt: (official) => at.get(official), unitCaseAt: dealUnits(units, at) };
}

/**
 * Draws cards in turn. Two people complained about in one unit would make the unit unusual, so the
 * second such card waits for the next unit.
 */
function drawer(): (unit: Unit) => Card {
  const cards = pack();
  const waiting: Card[] = [];
  let drawn = 0;
  let complainedAbout = -1;
  return (unit) => {
    const fits = (card: Card) => !card.complaints || complainedAbout !== unit.ordinal;
    const early = waiting.findIndex(fits);
    let card = early < 0 ? undefined : waiting.splice(early, 1)[0];
    while (card === undefined) {
      const next = cards[drawn % cards.length];
      drawn += 1;
      if (next && fits(next)) card = next;
      else if (next) waiting.push(next);
    }
    if (card.complaints) complainedAbout = unit.ordinal;
    return card;
  };
}

function dealUnits(units: readonly Unit[], at: ReadonlyMap<number, Card>) {
  const cases = new Map<number, AnswerKind>();
  // Too few units have no ordinary rate to stand out from.
  if (units.length < LEAST_UNITS) return () => undefined;
  const isFree = (unit: Unit) =>
    unit.size >= 18 &&
    !Array.from({ length: unit.size }, (_, i) => at.get(unit.from + i)?.complaints).some(Boolean);
  units.forEach((unit) => {
    const wanted = Math.floor(unit.ordinal / UNITS_PER_CASE + 0.5) * 2 + 2;
    if (cases.size >= wanted || !isFree(unit)) return;
    cases.set(unit.ordinal, cases.size % 2 ? 'near-miss' : 'true');
  });
  return (ordinal: number) => cases.get(ordinal);
}
