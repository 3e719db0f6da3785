/**
 * A connector's record as a line of the record log. Everything identifying is replaced by keys
 * that nobody can compute without the installation's identity key: the person, the people mentioned,
 * and the record's own key (it is made of ID numbers, so a plain hash could be guessed).
 */
import { createHmac, hash } from 'node:crypto';
import type { FactRecord, JsonValue, RecordIdentity } from '../../../connectors/kit/record.ts';
import { foldName } from '../../../connectors/kit/values/name.ts';
import { NO_PERSON, personKey } from '../../base/person-key.ts';
import type { Secret } from '../../base/secret.ts';
import { COPY_NULL, copyText } from '../copy.ts';

export const RECORD_COLUMNS =
  'record_key, person_id, digest, page_id, slot, "row", kind, mention_key, mention_name';

/** People repeat within a delivery; beyond this many of a scheme the cache starts again, to bound memory. */
const REMEMBERED_PERSONS = 10_000;

export type Keys = {
  /** Key of a person, a document or another subject. */
  of(scheme: string, number: string): string;
  /** 128 bits of a keyed hash; truncation rules out extending it. */
  digest(text: string): string;
};

export function createKeys(identityKey: Secret): Keys {
  const secret = createHmac('sha256', identityKey.reveal()).update('record').digest('hex');
  const known = new Map<string, Map<string, string>>();
  return {
    of(scheme, number) {
      let numbers = known.get(scheme);
      const found = numbers?.get(number);
      if (found) return found;
      if (numbers === undefined || numbers.size >= REMEMBERED_PERSONS) {
        numbers = new Map();
        known.set(scheme, numbers);
      }
      const key = personKey(identityKey, scheme, number);
      numbers.set(number, key);
      return key;
    },
    digest: (text) => hash('sha256', secret + text, 'hex').slice(0, 32),
  };
}

/** The body with the keys of those it mentions. */
export function bodyOf({ body, mentions }: FactRecord, keys: Keys) {
  if (!mentions) return body;
  const keyed: Record<string, JsonValue> = { ...body };
  for (const [field, { scheme, number }] of Object.entries(mentions)) {
    keyed[field] = keys.of(scheme, number);
  }
  return keyed;
}

/** A travel document teaches who holds it; any other record may name its person by a document. */
function mentionOf({ kind, person, body }: FactRecord, keys: Keys): string | undefined {
  const taught = kind === 'travel_document' ? body.documentNo : undefined;
  const named = person?.scheme === 'travel-document' ? person.number : undefined;
  const documentNo = taught ?? named;
  return typeof documentNo === 'string' ? keys.of('travel-document', documentNo) : undefined;
}

/** The key of what the record is about; of a person known by a document only, later stages find out. */
function subjectOf({ person, subject }: FactRecord, keys: Keys): string {
  if (subject) return keys.of(subject.scheme, subject.number);
  return person?.scheme === 'resident-id' ? keys.of(person.scheme, person.number) : NO_PERSON;
}

/** By what a record is found; whoever does not hold the identity key can compute none. */
export const recordKey = (
  feedId: string,
  { kind, key }: RecordIdentity,
  keys: Pick<Keys, 'digest'>,
): string => keys.digest(`${feedId}\n${kind}\n${key.join('\n')}`);

export type Place = { feedId: string; pageId: number; slot: number; row: number };

/** One record as a COPY line. `said` is what it says, by names and values; see `body-text.ts`. */
export function recordLine(
  { feedId, pageId, slot, row }: Place,
  record: FactRecord,
  said: string,
  keys: Keys,
): { key: string; line: string; hasMention: boolean } {
  const { kind, person } = record;
  const personId = subjectOf(record, keys);
  const key = recordKey(feedId, record, keys);
  const mention = mentionOf(record, keys);
  const mentionKey = mention ?? COPY_NULL;
  const mentionName = person?.name ? copyText(foldName(person.name)) : COPY_NULL;
  const digest = keys.digest(`${personId}${mentionKey}${mentionName}${said}`);
  const line = `${key}\t${personId}\t${digest}\t${pageId}\t${slot}\t${row}\t${kind}\t${mentionKey}\t${mentionName}\n`;
  return { key, line, hasMention: mention !== undefined };
}
