/** What a pull has to say besides its rows: files passed over, deliveries refused, totals left out. */
import type { DeliveryOutcome } from '../pipeline/index.ts';
import type { Sql } from '../platform/database.ts';
import { type PassedOver, shownName } from '../transports/index.ts';

/** A folder full of stray files is said once, not ten thousand times; it is counted whole. */
const MOST_NOTES = 1000;
/** Lines of a command's output; the rest is in the run's drift. */
const MOST_LINES = 20;

export class PullNotes {
  readonly #notes: string[] = [];
  readonly #passedOver: PassedOver[] = [];
  #files = 0;

  readonly drift = (note: string): void => {
    if (this.#notes.length < MOST_NOTES) this.#notes.push(note);
  };

  readonly passedOver = (file: PassedOver): void => {
    this.#files += 1;
    if (this.#passedOver.length < MOST_NOTES) this.#passedOver.push(file);
  };

  /** Files in the folder that are no deliveries of the feed. */
  get files(): number {
    return this.#files;
  }

  /** Everything else that the run's drift says. */
  get others(): number {
    return this.#notes.length;
  }

  /** For those who look at the command's output: every file and delivery that was not used, and why. */
  lines(outcomes: readonly DeliveryOutcome[] = []): string[] {
    const all = [...this.#passedOver.map(inWords), ...refusals(outcomes)];
    const rest = this.#files - this.#passedOver.length + Math.max(0, all.length - MOST_LINES);
    const more = rest > 0 ? [`  … 另有 ${rest} 个 more`] : [];
    return [...all.slice(0, MOST_LINES).map((line) => `  – ${line}`), ...more];
  }

  /** Beside columns that differ, in the record of the run. */
  async keep(sql: Sql, syncRunId: string, outcomes: readonly DeliveryOutcome[]): Promise<void> {
    const lines = [...this.#notes, ...this.#passedOver.map(inWords), ...refusals(outcomes)];
    if (lines.length === 0) return;
    await sql`update hub.sync_run set files_passed_over = ${this.#files},
        drift = array(select distinct d from unnest(drift || ${lines}::text[]) d order by d)
      where sync_run_id = ${syncRunId}`;
  }
}

const inWords = ({ name, reason }: PassedOver): string => `${reason.zh} ${reason.en}: ${name}`;

/** Which of several deliveries was refused: the run itself has room for the first reason only. */
const refusals = (outcomes: readonly DeliveryOutcome[]): string[] =>
  outcomes.flatMap(({ name, error }) =>
    error ? [`拒收 refused ${shownName(name)}: ${error.chinese} ${error.message}`] : [],
  );
