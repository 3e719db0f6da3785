/**
 * Everyone in the population: officials under management and the family members the law defines
 * (报告规定 art. 3–4). Nobody else has a row here, and facts about anyone else are not linked.
 * Derived by the link stage from `official` and `kinship`; holds the present state only.
 */

import { sql } from 'drizzle-orm';
import { boolean, check, date, index, smallint, text, uuid } from 'drizzle-orm/pg-core';
import { fact, factKey, hub, managedRows } from '../table-parts.ts';

export const person = hub.table(
  'person',
  {
    personId: uuid('person_id').primaryKey(),
    name: text('name').notNull(),
    /** 18 digits, canonical; null when the person is known by a half-record only. */
    idNumber: text('id_number'),
    sex: text('sex'),
    bornOn: date('born_on'),
    isOfficial: boolean('is_official').notNull(),
    /** GB/T 12407-2008 post level (131 = 县处级正职 …); null for family. */
    level: text('level'),
    unitCode: text('unit_code'),
    unitName: text('unit_name'),
    postTitle: text('post_title'),
    /** Authorities that manage this person as an official; nobody for a mere relative. */
    managedBy: smallint('managed_by').array().notNull(),
  },
  (t) => [
    index('person_by_name').on(t.isOfficial, t.name, t.personId),
    // Officials have both (`official` does), so a page may be ordered by them and go on behind any row.
    check(
      'person_official_has_post',
      sql`not is_official or (level is not null and unit_code is not null)`,
    ),
    index('person_by_level').on(t.level, t.name, t.personId),
    index('person_by_unit').on(t.unitCode, t.name, t.personId),
    ...managedRows('person'),
  ],
);

/** One row of the roster: that this person is an official, at which level, managed by whom. */
export const official = hub.table(
  'official',
  {
    ...fact,
    name: text('name').notNull(),
    idNumber: text('id_number').notNull(),
    sex: text('sex'),
    bornOn: date('born_on'),
    level: text('level').notNull(),
    unitCode: text('unit_code').notNull(),
    postTitle: text('post_title'),
    /** in-service | out-of-post | retired | left */
    employment: text('employment').notNull(),
    workStartedOn: date('work_started_on'),
    /** Code of the managing authority (干部管理权限), see `authority`. */
    authorityCode: text('authority_code').notNull(),
  },
  (t) => [factKey(t), ...managedRows('official')],
);
