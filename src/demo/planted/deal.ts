/**
 * Which official carries which case: the cases of all rules, evenly spaced, the rules taking turns,
 * true ones and near misses alternating, never on the head of a unit. A small county gets as many as
 * fit (at most one official in four), always the same ones first; a large one gets cases again.
 */
import type { Told } from '../../cases/index.ts';
import type { AnswerKind } from '../model.ts';
import { type Unit, unitOf } from '../units.ts';

/** A case a department could deliver, and whether its rule must speak. */
export type Plantable = { told: Told; kind: AnswerKind };

/** Official → case. */
export type Deal = ReadonlyMap<number, Plantable>;

const MOST = 0.25;
/** One official in eight, unless there are more cases than that. */
const USUAL = 0.125;

/** Spreads both kinds over a pile, a true one first: a county of few cases still shows every rule at work. */
function alternating(cases: readonly Plantable[]): Plantable[] {
  const turn = ({ kind }: Plantable, at: number): number => {
    const isSame = (other: Plantable) => other.kind === kind;
    const before = cases.slice(0, at).filter(isSame).length;
    return (before + (kind === 'true' ? 0 : 0.5)) / cases.filter(isSame).length;
  };
  return cases
    .map((each, at) => ({ each, turn: turn(each, at) }))
    .sort((a, b) => a.turn - b.turn)
    .map(({ each }) => each);
}

/** All cases, one of each rule in turn. */
export function inTurn(cases: readonly Plantable[]): Plantable[] {
  const rules = [...new Set(cases.map(({ told }) => told.ruleId))].sort();
  const piles = rules.map((id) => alternating(cases.filter(({ told }) => told.ruleId === id)));
  const longest = Math.max(0, ...piles.map((pile) => pile.length));
  return Array.from({ length: longest }, (_, turn) =>
    piles.flatMap((pile) => pile[turn] ?? []),
  ).flat();
}

export function dealCases(
  cases: readonly Plantable[],
  officials: number,
  units: readonly Unit[],
): Deal {
  const pack = inTurn(cases);
  const wanted = Math.max(pack.length, Math.round(officials * USUAL));
  const total = pack.length === 0 ? 0 : Math.min(wanted, Math.floor(officials * MOST));
  const deal = new Map<number, Plantable>();
  for (let k = 0; k < total; k += 1) {
    let place = Math.floor(((k + 0.5) * officials) / total);
    if (unitOf(units, place).from === place) place += 1;
    const next = pack[deal.size % pack.length];
    if (next && place < officials) deal.set(place, next);
  }
  return deal;
}
