/**
 * When work is due. PostgreSQL holds this truth; the queue's store (PostgreSQL or Redis) is rebuilt
 * from it, so a store that returns empty loses nothing.
 */
import { boolean, text, timestamp } from 'drizzle-orm/pg-core';
import { hub, signedInRows } from '../table-parts.ts';

/** One row per recurring piece of work: `nightly`, and `sync <feed>` for every feed. */
export const schedule = hub.table(
  'schedule',
  {
    name: text('name').primaryKey(),
    /** Empty for the nightly run. */
    feedId: text('feed_id'),
    cron: text('cron').notNull(),
    timezone: text('timezone').notNull().default('Asia/Shanghai'),
    isEnabled: boolean('is_enabled').notNull().default(true),
    /** What the settings last said of the two: only what they say anew is taken from them. */
    setCron: text('set_cron'),
    setEnabled: boolean('set_enabled'),
    /**
     * Every due instant up to this one has had its run. What is due after it and before now is still
     * to be run, whatever the queue remembers.
     */
    doneThrough: timestamp('done_through', { withTimezone: true }).notNull(),
    /** When the queue first held a job scheduler for it; missing there later means a lost store. */
    queuedAt: timestamp('queued_at', { withTimezone: true }),
  },
  () => [...signedInRows('schedule')],
);
