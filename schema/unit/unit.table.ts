/** Units (单位) and the authorities that manage cadres. About no person, so open to every actor. */
import { boolean, index, integer, smallint, text } from 'drizzle-orm/pg-core';
import { factAbout, factKeyOf, hub, signedInRows } from '../table-parts.ts';

export const authority = hub.table(
  'authority',
  {
    authorityId: smallint('authority_id').primaryKey().generatedAlwaysAsIdentity(),
    code: text('code').notNull().unique(),
    name: text('name').notNull(),
  },
  () => [...signedInRows('authority')],
);

export const unit = hub.table(
  'unit',
  {
    ...factAbout('unit'),
    /** USCC (GB 32100-2015). */
    unitCode: text('unit_code').notNull(),
    name: text('name').notNull(),
    parentCode: text('parent_code'),
    /** party | government | npc | cppcc | discipline | court | procuratorate | institution | enterprise | other */
    kind: text('kind').notNull(),
    staffCount: integer('staff_count'),
    /** 权力集中、资金密集、资源富集 */
    isKeyUnit: boolean('is_key_unit').notNull(),
  },
  (t) => [factKeyOf(t.unitId, t), index('unit_by_code').on(t.unitCode), ...signedInRows('unit')],
);
