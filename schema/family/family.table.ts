/** Family as the official declared it; relation codes of GB/T 4761-2008. */
import { boolean, date, index, primaryKey, smallint, text, uuid } from 'drizzle-orm/pg-core';
import { fact, factKey, hub, managedRows, workerAll } from '../table-parts.ts';

export const kinship = hub.table(
  'kinship',
  {
    ...fact,
    relativeId: uuid('relative_id').notNull(),
    relativeName: text('relative_name').notNull(),
    relativeIdNumber: text('relative_id_number'),
    relativeBornOn: date('relative_born_on'),
    /** GB/T 4761-2008 two-digit code: 10 spouse, 20–29 son, 30–39 daughter, 28/38 child's spouse. */
    relation: text('relation').notNull(),
    /** Counts into the household: minors, and adult children who cannot live independently. */
    isCoLiving: boolean('is_co_living').notNull(),
    validFrom: date('valid_from'),
    validTo: date('valid_to'),
  },
  (t) => [factKey(t), index('kinship_by_relative').on(t.relativeId), ...managedRows('kinship')],
);

/**
 * Whose authorities a relative's registers open, by the name an official declared: rows of a register
 * that has the number under another name stay closed, so a mistyped number opens no stranger's. Derived by
 * the link stage from the kinship known now; the API reads what it copies into the facts.
 */
export const kinAuthority = hub.table(
  'kin_authority',
  {
    /** The relative. */
    personId: uuid('person_id').notNull(),
    /** As declared, folded like the registers' names. */
    name: text('name').notNull(),
    managedBy: smallint('managed_by').array().notNull(),
  },
  (t) => [primaryKey({ columns: [t.personId, t.name] }), workerAll('kin_authority')],
);
