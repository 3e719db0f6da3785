/** Documents that applications registered before they ask them: src/api/documents.ts runs them by id. */
import { sql } from 'drizzle-orm';
import { pgPolicy, text, timestamp } from 'drizzle-orm/pg-core';
import { apiRole, hub } from '../table-parts.ts';

const isAdministrator = sql.raw(
  `'administrator' = any(string_to_array(current_setting('hub.roles', true), ','))`,
);

/**
 * A GraphQL document under the id its client gave it; what an id means never changes. It is about nobody:
 * a document that holds a number as long as an identity number is not registered.
 */
export const registeredDocument = hub.table(
  'registered_document',
  {
    documentId: text('document_id').primaryKey(),
    /** As the client will be taken to have sent it. */
    text: text('text').notNull(),
    registeredAt: timestamp('registered_at', { withTimezone: true }).notNull(),
    registeredBy: text('registered_by').notNull(),
  },
  () => [
    // Read for whoever asks, before anything is done for them.
    pgPolicy('registered_document_read', { for: 'select', to: apiRole, using: sql`true` }),
    pgPolicy('registered_document_add', {
      for: 'insert',
      to: apiRole,
      withCheck:
        sql.raw(`'administrator' = any(string_to_array(current_setting('hub.roles', true), ','))
        and registered_by = current_setting('hub.actor', true)`),
    }),
    pgPolicy('registered_document_remove', { for: 'delete', to: apiRole, using: isAdministrator }),
  ],
);
