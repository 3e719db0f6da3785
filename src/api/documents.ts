/**
 * Registered documents: a client names a document by id, and the text that was registered under it takes its
 * place before anything else is looked at. Ids come as `documentId` or, as Apollo and urql send them, in
 * `extensions.persistedQuery`. Nothing that a request brings is ever registered. The configuration may name
 * roles and accounts that run registered documents and no others.
 */
import type { GraphQLFormattedError } from 'graphql';
import type { Actor } from '../access/actor.ts';
import { ROLES } from '../access/roles.ts';
import type { Clock } from '../base/clock.ts';
import { HubError } from '../base/errors.ts';
import { invalid as refuseSetting } from '../base/invalid-setting.ts';
import type { Sql } from '../platform/database.ts';
import { speak } from './mask-error.ts';

/** What a request asks for, over whatever transport it came. */
export type DocumentParts = { query?: unknown; documentId?: unknown; extensions?: unknown };

export type Documents = {
  /** Puts the registered text into the parts; throws a HubError `document.…` or a `request.invalid`. */
  take(actor: Actor, parts: DocumentParts): Promise<void>;
};

/** A document that was taken off the list is refused after so long at the latest. */
const LIFETIME_MS = 5_000;
const MOST_REMEMBERED = 1_000;
export const DOCUMENT_ID = /^[A-Za-z0-9:._-]{1,128}$/;
const ACCOUNT = 'account:';

/** Roles and `account:<id>`; `*` = everybody. */
const isRestricted = ({ id, roles }: Actor, only: ReadonlySet<string>): boolean =>
  only.has('*') || only.has(`${ACCOUNT}${id}`) || roles.some((role) => only.has(role));

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const member = (value: unknown, name: string): unknown =>
  isObject(value) ? Reflect.get(value, name) : undefined;

/** Extensions of a GET arrive as JSON text. */
function persistedQueryOf({ extensions }: DocumentParts): unknown {
  if (typeof extensions !== 'string') return member(extensions, 'persistedQuery');
  try {
    return member(JSON.parse(extensions), 'persistedQuery');
  } catch {
    return undefined;
  }
}

/** Removes the id from the parts; undefined where there is none. */
function takeId(parts: DocumentParts): string | undefined {
  const { documentId } = parts;
  const persisted = persistedQueryOf(parts);
  delete parts.documentId;
  // Apollo Server refuses whatever carries it.
  if (persisted !== undefined) delete parts.extensions;
  const id = documentId ?? member(persisted, 'sha256Hash');
  if (id === undefined || id === null || id === '') return undefined;
  return typeof id === 'string' ? id : '';
}

type Found = { text: string | undefined; isListEmpty: boolean };

/** Reads the list through `sql` of the role `api`. */
export function openDocuments(options: {
  sql: Sql;
  clock: Clock;
  registeredOnly: readonly string[];
}): Documents {
  const { sql, clock } = options;
  const only = new Set(options.registeredOnly);
  for (const name of only) {
    if (name === '*' || name.startsWith(ACCOUNT) || Object.hasOwn(ROLES, name)) continue;
    throw refuseSetting('HUB_REGISTERED_ONLY', `names ${name}, which is no role`);
  }
  const remembered = new Map<string, { text: string; until: number }>();

  async function find(id: string): Promise<Found> {
    const now = clock.now().getTime();
    const known = remembered.get(id);
    if (known && now < known.until) return { text: known.text, isListEmpty: false };
    const [row] = await sql<{ text: string | null; isListEmpty: boolean }[]>`
      select (select text from hub.registered_document where document_id = ${id}) as text,
        not exists (select from hub.registered_document) as "isListEmpty"`;
    const text = row?.text ?? undefined;
    remembered.delete(id);
    if (text !== undefined) {
      if (remembered.size >= MOST_REMEMBERED) remembered.clear();
      remembered.set(id, { text, until: now + LIFETIME_MS });
    }
    return { text, isListEmpty: row?.isListEmpty ?? true };
  }

  return {
    async take(actor, parts) {
      const id = takeId(parts);
      const { text, isListEmpty } =
        id !== undefined && DOCUMENT_ID.test(id)
          ? await find(id)
          : { text: undefined, isListEmpty: false };
      const isSent = typeof parts.query === 'string' && parts.query !== '';
      if (text === undefined) {
        if (isSent && isRestricted(actor, only)) throw new HubError('document.required');
        if (id === undefined || isSent) return;
        throw new HubError(isListEmpty ? 'document.none-registered' : 'document.unknown');
      }
      if (id && isSent && parts.query !== text) throw new HubError('document.other-text', { id });
      parts.query = text;
    },
  };
}

/** Clients know these by the very message, and then send the text instead. */
const PROTOCOL: Readonly<Record<string, string>> = {
  'document.unknown': 'PersistedQueryNotFound',
  'document.none-registered': 'PersistedQueryNotSupported',
};

/** A refusal as clients of persisted queries read it; our sentence stands beside the word they look for. */
export function speakOfDocument(error: HubError): GraphQLFormattedError {
  const spoken = speak(error);
  const message = PROTOCOL[error.code];
  if (message === undefined) return spoken;
  return { message, extensions: { ...spoken.extensions, chinese: spoken.message } };
}
