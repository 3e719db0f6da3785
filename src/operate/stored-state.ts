/**
 * What all processes of a hub have done and left to do, read from PostgreSQL and the queue when asked
 * for: the same in every worker, and true after a restart. Asked as role worker.
 */
import { Gauge, Registry } from 'prom-client';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Sql } from '../platform/database.ts';
import type { Jobs } from '../platform/queue.ts';

type Labels = Readonly<Record<string, string>>;
type Sample = { labels: Labels; value: number };
type Reading = { name: string; help: string; labels: readonly string[]; sql: string };

/** `labels` are the columns before `value`; $1 is the present instant, $2 today in China. */
const READINGS: readonly Reading[] = [
  {
    name: 'hub_syncs',
    help: 'Pulls on record, by feed and state (queued, running, done, failed, superseded).',
    labels: ['feed', 'state'],
    sql: `select feed_id as feed, state, count(*) as value from hub.sync_run group by 1, 2`,
  },
  {
    name: 'hub_sync_last_end_timestamp_seconds',
    help: 'When the newest pull of a feed ended, by how it ended.',
    labels: ['feed', 'state'],
    sql: `select feed_id as feed, state, extract(epoch from max(ended_at)) as value
          from hub.sync_run where ended_at is not null group by 1, 2`,
  },
  {
    name: 'hub_rows',
    help: 'Rows of all deliveries of a feed: landed, recorded, quarantined, superseded.',
    labels: ['feed', 'state'],
    sql: `select b.feed_id as feed, s.state, sum(s.n) as value from hub.batch b,
            lateral (values ('landed', rows_landed), ('recorded', rows_recorded),
              ('quarantined', rows_quarantined), ('superseded', rows_superseded)) s(state, n)
          group by 1, 2`,
  },
  {
    name: 'hub_quarantine_open',
    help: 'Rows in quarantine that wait for the department or for a clerk.',
    labels: ['feed'],
    sql: `select f.feed_id as feed, count(q.feed_id) as value
          from hub.feed f left join hub.quarantine q on q.feed_id = f.feed_id and q.state = 'open' group by 1`,
  },
  {
    name: 'hub_batches',
    help: 'Deliveries by feed and state (landed, normalised, resolved, linked, refused).',
    labels: ['feed', 'state'],
    sql: `select feed_id as feed, state, count(*) as value from hub.batch group by 1, 2`,
  },
  {
    name: 'hub_oldest_unlinked_batch_seconds',
    help: 'Age of the oldest delivery of a feed that is landed and not yet in the graph; 0 without one.',
    labels: ['feed'],
    sql: `select f.feed_id as feed, coalesce(extract(epoch from $1::timestamptz - min(b.received_at)), 0) as value
          from hub.feed f left join hub.batch b on b.feed_id = f.feed_id
            and b.state in ('landed', 'normalised', 'resolved') group by 1`,
  },
  {
    name: 'hub_feed_data_age_days',
    help: 'Days since the newest data date of a feed in the graph; absent before its first delivery.',
    labels: ['feed'],
    sql: `select feed_id as feed, $2::date - data_as_of as value from hub.feed where data_as_of is not null`,
  },
  {
    name: 'hub_feed_stale_after_days',
    help: 'Days after which the agreement calls a feed stale.',
    labels: ['feed'],
    sql: `select feed_id as feed, stale_after_days as value from hub.feed`,
  },
  {
    name: 'hub_nights',
    help: 'Nights on record by state (queued, running, done, failed, superseded).',
    labels: ['state'],
    sql: `select state, count(*) as value from hub.night group by 1`,
  },
  {
    name: 'hub_night_last_end_timestamp_seconds',
    help: 'When the newest night of a state ended.',
    labels: ['state'],
    sql: `select state, extract(epoch from max(ended_at)) as value
          from hub.night where ended_at is not null group by 1`,
  },
  {
    name: 'hub_night_rules',
    help: 'Rules of the newest night by how they fared; all but "evaluated" are unanswered, not clean.',
    labels: ['state'],
    sql: `select s.state, s.n as value from
            (select * from hub.night where state = 'done' order by done_no desc limit 1) n,
            lateral (values ('evaluated', rules_evaluated), ('stale', rules_stale),
              ('not-checkable', rules_not_checkable), ('failed', rules_failed), ('held', rules_held)) s(state, n)`,
  },
  {
    name: 'hub_night_rule_unanswered',
    help: 'Rules the newest night could not answer, each with its state.',
    labels: ['rule', 'state'],
    sql: `select r.rule_id as rule, r.state, 1 as value from hub.rule_run r
          where r.state <> 'evaluated' and r.night_id =
            (select night_id from hub.night where state = 'done' order by done_no desc limit 1)`,
  },
  {
    name: 'hub_lease_held',
    help: 'Work that somebody holds at this moment (1), and whose holder went silent past its term (0).',
    labels: ['lease'],
    sql: `select name as lease, case when expires_at > $1 then 1 else 0 end as value
          from hub.lease where holder is not null`,
  },
];

export type StoredStateOptions = {
  /** Role worker; a connection of its own, so that a busy hub can be asked how busy it is. */
  sql: Sql;
  jobs: Pick<Jobs, 'depths'>;
  clock: Clock;
  log: Log;
};

async function readAll({ sql, clock }: StoredStateOptions): Promise<Map<string, Sample[]>> {
  const [now, today] = [clock.now().toISOString(), clock.today()];
  const found = new Map<string, Sample[]>();
  for (const { name, labels, sql: text } of READINGS) {
    // A statement may leave out what it does not need, but not the types of what it is given.
    const rows = await sql.unsafe<Record<string, string>[]>(
      `with given as (select $1::timestamptz, $2::date) ${text}`,
      [now, today],
    );
    const sample = (row: Record<string, string>): Sample => ({
      labels: Object.fromEntries(labels.map((label) => [label, String(row[label])])),
      value: Number(row.value),
    });
    found.set(name, rows.map(sample));
  }
  return found;
}

async function readDepths({ jobs }: StoredStateOptions): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (const [queue, counts] of await jobs.depths()) {
    for (const [state, value] of Object.entries(counts)) {
      samples.push({ labels: { queue, state }, value });
    }
  }
  return samples;
}

/** Metrics of the whole hub; `refresh` reads them, and says with `hub_state_up` what it could not. */
export function openStoredState(options: StoredStateOptions) {
  const register = new Registry();
  const registers = [register];
  const gauges = READINGS.map(
    ({ name, help, labels }) => new Gauge({ name, help, labelNames: [...labels], registers }),
  );
  const depths = new Gauge({
    name: 'hub_queue_jobs',
    help: 'Jobs by queue and state (waiting, waiting-children, active, delayed, failed).',
    labelNames: ['queue', 'state'],
    registers,
  });
  const up = new Gauge({
    name: 'hub_state_up',
    help: 'Whether what the hub has stored could be read: database, queue. Where 0, its metrics are absent.',
    labelNames: ['store'],
    registers,
  });
  const fill = (gauge: Gauge, samples: readonly Sample[]) => {
    gauge.reset();
    for (const { labels, value } of samples) gauge.set(labels, value);
  };
  const attempt = async <T>(store: string, read: () => Promise<T>, none: T): Promise<T> => {
    try {
      const value = await read();
      up.set({ store }, 1);
      return value;
    } catch (error) {
      options.log.error('monitor.unread', error, { store });
      up.set({ store }, 0);
      return none;
    }
  };
  return {
    register,
    async refresh() {
      const stored = await attempt('database', () => readAll(options), new Map<string, Sample[]>());
      READINGS.forEach(({ name }, at) => {
        const gauge = gauges[at];
        if (gauge) fill(gauge, stored.get(name) ?? []);
      });
      fill(depths, await attempt('queue', () => readDepths(options), []));
    },
  };
}
