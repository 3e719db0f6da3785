/**
 * A warning as commands see it: locked until the command commits, so two commands on one warning come
 * one after the other. A warning that exists but is not the actor's to see is not found, exactly like
 * one that does not exist.
 */
import type { WARNING_STATES } from '../../schema/warning/warning.codes.ts';
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

/** A warning after a command; unchanged where the very same was done before. */
export type Handled = { row: WarningRow; isUnchanged?: boolean };

export type EventKind = 'assigned' | 'note' | 'proposed' | 'returned' | 'concluded';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const notThere = () => new HubError('object.not-found', { field: 'id' });

/** Locks a warning; throws object.not-found. */
export async function lockWarning(tx: Transaction, warningId: string): Promise<WarningRow> {
  if (!UUID.test(warningId)) throw notThere();
  // Found by its id, then locked by its whole key: the key begins with the person.
  const [found] = await tx<{ personId: string }[]>`
    select person_id as "personId" from hub.warning where warning_id = ${warningId}`;
  if (!found) throw notThere();
  const [row] = await tx<WarningRow[]>`
    select warning_id as "warningId", person_id as "personId", state, assignee_id as "assigneeId",
           proposed_conclusion as "proposedConclusion", proposed_by as "proposedBy",
           concluded_by as "concludedBy", managed_by as "managedBy"
    from hub.warning where person_id = ${found.personId} and warning_id = ${warningId} for update`;
  if (!row) throw notThere();
  return row;
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
