/**
 * A warning as commands see it: locked until the command commits, so two commands on one warning come
 * one after the other. A warning that exists but is not the actor's to see is not found, exactly like
 * one that does not exist.
 */
import { WARNING_STATES } from '../../schema/warning/warning.codes.ts';
import type { Clock } from '../base/clock.ts';
import { HubError } from '../base/errors.ts';
import type { Transaction } from '../platform/database.ts';

export type WarningState = keyof typeof WARNING_STATES;

export type WarningRow = {
  warningId: string;
  personId: string;
  state: WarningState;
  assigneeId: string | null;
  proposedConclusion: string | null;
  proposedBy: string | null;
  concludedBy: string | null;
  managedBy: number[];
};

export type EventKind = 'assigned' | 'note' | 'proposed' | 'returned' | 'concluded';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const LONGEST_TEXT = 2_000;

/** Locks a warning; throws object.not-found. */
export async function lockWarning(tx: Transaction, warningId: string): Promise<WarningRow> {
  if (!UUID.test(warningId)) throw new HubError('object.not-found');
  // Found by its id, then locked by its whole key: the key begins with the person.
  const [found] = await tx<{ personId: string }[]>`
    select person_id as "personId" from hub.warning where warning_id = ${warningId}`;
  if (!found) throw new HubError('object.not-found');
  const [row] = await tx<WarningRow[]>`
    select warning_id as "warningId", person_id as "personId", state, assignee_id as "assigneeId",
           proposed_conclusion as "proposedConclusion", proposed_by as "proposedBy",
           concluded_by as "concludedBy", managed_by as "managedBy"
    from hub.warning where person_id = ${found.personId} and warning_id = ${warningId} for update`;
  if (!row) throw new HubError('object.not-found');
  return row;
}

/** Refuses with warning.wrong-state unless the warning is in one of these states. */
export function requireState(row: WarningRow, ...states: readonly WarningState[]): void {
  if (!states.includes(row.state)) {
    const [zh, en] = WARNING_STATES[row.state];
    throw new HubError('warning.wrong-state', { state: row.state, name: { zh, en } });
  }
}

export type NewEvent = {
  kind: EventKind;
  actorId: string;
  note?: string;
  detail?: Readonly<Record<string, string>>;
};

/** Appends to the warning's history; the row's lock makes the number unique. */
export async function appendEvent(
  tx: Transaction,
  row: WarningRow,
  clock: Clock,
  { kind, actorId, note, detail = {} }: NewEvent,
): Promise<void> {
  await tx`
    insert into hub.warning_event (person_id, warning_id, event_no, at, actor_id, kind, note_zh, detail, managed_by)
    select ${row.personId}::uuid, ${row.warningId}::uuid,
           coalesce((select max(event_no) from hub.warning_event e
                     where e.person_id = ${row.personId} and e.warning_id = ${row.warningId}), 0) + 1,
           ${clock.now()}, ${actorId}, ${kind}, ${note ?? null}, ${JSON.stringify(detail)}::text::jsonb,
           ${row.managedBy}::smallint[]`;
}

/** What a person writes into a warning: never empty, never a book. */
export function checkText(text: string): string {
  const trimmed = text.trim().replaceAll('\u0000', '');
  if (trimmed === '' || trimmed.length > LONGEST_TEXT) {
    throw new HubError('request.invalid', {
      reason: { zh: `文字须为 1–${LONGEST_TEXT} 字`, en: `1 to ${LONGEST_TEXT} characters` },
    });
  }
  return trimmed;
}
