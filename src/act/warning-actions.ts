/**
 * What may be done to a warning, in which states and by whom. Commands refuse by it, and the API shows
 * it beforehand (`Warning.actions`): each bar says in TypeScript and in SQL what it means, side by side.
 */
import { WARNING_STATES } from '../../schema/warning/warning.codes.ts';
import type { Actor } from '../access/actor.ts';
import { grantsOf } from '../access/roles.ts';
import { HubError } from '../base/errors.ts';
import type { WarningRow, WarningState } from './warning-row.ts';

/** Why somebody may not do what others may. */
type Bar = {
  code: 'warning.not-yours' | 'warning.same-person';
  holds(row: WarningRow, actor: Actor): boolean;
  /** The same over a row of `hub.warning`; `actorId` is SQL. */
  sql(row: string, asks: { actorId: string; isLead: boolean }): string;
};

/** Whoever leads may propose on what is assigned to others. */
const NOT_YOURS: Bar = {
  code: 'warning.not-yours',
  holds: ({ assigneeId }, { id, roles }) =>
    assigneeId !== id && !grantsOf(roles).has('warning.lead'),
  sql: (row, { actorId, isLead }) =>
    isLead ? 'false' : `${row}.assignee_id is distinct from ${actorId}`,
};

/** A conclusion takes two people. */
const SAME_PERSON: Bar = {
  code: 'warning.same-person',
  holds: ({ proposedBy }, { id }) => proposedBy === id,
  sql: (row, { actorId }) => `${row}.proposed_by = ${actorId}`,
};

type Action = { zh: string; en: string; states: readonly WarningState[]; bar?: Bar };

const EVERY = Object.keys(WARNING_STATES) as readonly WarningState[];

export const WARNING_ACTIONS = {
  assign: { zh: '分办', en: 'Assign', states: ['new', 'assigned'] },
  note: { zh: '备注', en: 'Write a note', states: EVERY },
  propose: { zh: '拟结论', en: 'Propose a conclusion', states: ['assigned'], bar: NOT_YOURS },
  confirm: { zh: '复核确认', en: 'Confirm', states: ['proposed'], bar: SAME_PERSON },
  return: { zh: '退回', en: 'Send back', states: ['proposed'] },
} as const satisfies Readonly<Record<string, Action>>;

export type WarningAction = keyof typeof WARNING_ACTIONS;

/** That an action is not for a warning in this state. */
export function wrongState(state: WarningState): HubError {
  const [zh, en] = WARNING_STATES[state];
  return new HubError('warning.wrong-state', { state, name: { zh, en }, field: 'id' });
}

/** Throws warning.wrong-state, warning.not-yours or warning.same-person. */
export function requireAction(action: WarningAction, row: WarningRow, actor: Actor): void {
  const { states, bar }: Action = WARNING_ACTIONS[action];
  if (!states.includes(row.state)) throw wrongState(row.state);
  if (bar?.holds(row, actor)) throw new HubError(bar.code, { field: 'id' });
}
