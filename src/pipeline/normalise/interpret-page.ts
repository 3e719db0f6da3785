/**
 * Turns a page of landed rows into a page of the record log: what its records say, a line per record
 * by which it is found, and a reason for every row that gives none. Pure computing without the database, so that it can be done in a thread of its own.
 */
import type { Horizon } from '../../../connectors/kit/horizon.ts';
import type { Connector } from '../../../connectors/kit/index.ts';
import { namedBy } from '../../../connectors/kit/naming.ts';
import type { FactRecord, Rejection, RowResult } from '../../../connectors/kit/record.ts';
import { recordSheets } from '../../../connectors/kit/record-sheets.ts';
import { type FactTable, PERSON } from '../../../schema/fact-table.ts';
import type { Secret } from '../../base/secret.ts';
import { COPY_NULL, copyJson, copyText } from '../copy.ts';
import { linesOf } from '../land/pages.ts';
import type { Batch } from '../stage.ts';
import { type BodyText, bodyWriter } from './body-text.ts';
import { misfitRejection } from './fact-shape.ts';
import { keyNumber } from './key-set.ts';
import { lastDayOf } from './last-day.ts';
import { bodyOf, createKeys, recordKey, recordLine } from './record-line.ts';

export type LandedPage = {
  /** The page of the record log it becomes, and what that is known by. */
  pageId: number;
  digest: string;
  sheet: string;
  /** As stored, see `pages.ts`. */
  lines: Uint8Array;
};

export type InterpretedPage = {
  pageId: number;
  /** COPY line of the page. */
  page: Uint8Array<ArrayBuffer>;
  /** COPY lines of its records. */
  lines: Uint8Array<ArrayBuffer>;
  rejected: RejectedOfPage[];
  /** Keys of the records that rejected rows of a full delivery would have been. */
  unread: UnreadRecord[];
  /** A number for the key of each record, to look for doubles. */
  keys: Float64Array<ArrayBuffer>;
  kinds: string[];
  /** Some record names a person by a document, or says whose a document is. */
  hasMentions: boolean;
};

export type UnreadRecord = { kind: string; key: string };

export const RECORD_PAGE_COLUMNS =
  'page_id, digest, sheet, kinds, has_mentions, rejected, restates, latest_on, fields, bodies';

/** Why a row gave no record; the sentences are made when it is written down. */
export type RejectedOfPage = Rejection & { row: number };

export type InterpreterSetup = {
  connector: Pick<Connector, 'identifier' | 'interpret' | 'interpreter' | 'manifest'>;
  batch: Pick<Batch, 'feedId' | 'header' | 'asOf'>;
  identityKey: Secret;
  tables: ReadonlyMap<string, FactTable>;
};

const SHAPELESS: Rejection = { reason: 'row.shape', column: null };

/** How rows of one sheet are read: by position where they are lists, by name where objects. */
function sheetReader(
  connector: InterpreterSetup['connector'],
  sheet: string,
  header: readonly string[],
) {
  const byPosition = connector.interpreter(sheet, header);
  return (json: string, horizon: Horizon): RowResult => {
    const cells: unknown = JSON.parse(json);
    if (Array.isArray(cells)) return byPosition(cells, horizon);
    if (typeof cells !== 'object' || cells === null) return { rejection: SHAPELESS };
    return connector.interpret({ sheet, cells: cells as Record<string, unknown> }, horizon);
  };
}

/** Delivered column names by field, per sheet, for the clerk. */
const columnNames = ({ manifest }: InterpreterSetup['connector']) =>
  new Map(
    Object.entries(manifest.sheets).map(([name, sheet]) => [
      name,
      new Map(
        // Where a row gives several records, the column of the first that has the field.
        [...recordSheets(sheet)].reverse().flatMap((one) => [
          ...Object.entries(one.columns).flatMap(([column, { field }]) =>
            field === undefined ? [] : [[field, column] as const],
          ),
          ...Object.entries(one.mentions ?? {}).flatMap(([field, naming]) => {
            const column = namedBy(naming, one);
            return column === null ? [] : [[field, column] as const];
          }),
        ]),
      ),
    ]),
  );

type Found = {
  horizon: Horizon;
  keys: number[];
  kinds: Set<string>;
  bodies: string[];
  hasMentions: boolean;
};
type Row = { page: LandedPage; row: number; records: readonly FactRecord[] };
type Write = (row: Row, found: Found) => string | Rejection;

function recordWriter({ connector, batch, identityKey, tables }: InterpreterSetup): Write {
  const { feedId } = batch;
  const keys = createKeys(identityKey);
  const names = columnNames(connector);
  const writers = new Map(
    [...tables].map(([kind, table]) => [
      kind,
      { subject: table.subject, write: bodyWriter(table) },
    ]),
  );
  return ({ page: { pageId, sheet }, row, records }, found) => {
    const bodies: BodyText[] = [];
    for (const record of records) {
      const writer = writers.get(record.kind);
      if (!writer) return SHAPELESS;
      if (writer.subject !== PERSON && writer.subject !== record.subject?.scheme) return SHAPELESS;
      const body = writer.write(bodyOf(record, keys));
      if ('reason' in body) return misfitRejection(body, names.get(sheet));
      bodies.push(body);
    }
    let lines = '';
    let part = 0;
    for (const record of records) {
      const body = bodies[part++];
      if (!body) continue;
      const slot = found.bodies.push(body.json) - 1;
      const written = recordLine({ feedId, pageId, slot, row }, record, body.said, keys);
      found.keys.push(keyNumber(written.key));
      found.kinds.add(record.kind);
      found.hasMentions ||= written.hasMention;
      lines += written.line;
    }
    return lines === '' ? SHAPELESS : lines;
  };
}

/** The names that its bodies leave out, by kind. */
const fieldsOf = (kinds: Iterable<string>, tables: InterpreterSetup['tables']) =>
  Object.fromEntries(
    [...kinds].map((kind) => [kind, tables.get(kind)?.columns.map(({ field }) => field)]),
  );

/** The page as a COPY line. */
function pageLine(
  { pageId, digest, sheet }: LandedPage,
  { horizon, kinds, hasMentions, bodies }: Found,
  rejected: RejectedOfPage[],
  { tables, restates }: { tables: InterpreterSetup['tables']; restates: string | undefined },
) {
  const without = rejected.length === 0 ? COPY_NULL : copyJson(JSON.stringify(rejected));
  const fields = copyJson(JSON.stringify(fieldsOf(kinds, tables)));
  return `${pageId}\t${digest}\t${copyText(sheet)}\t{${[...kinds].join(',')}}\t${hasMentions}\t${without}\t${restates ?? COPY_NULL}\t${horizon.latest || COPY_NULL}\t${fields}\t[${copyJson(bodies.join(','))}]\n`;
}

/** Prepares for the pages of one batch. */
export function pageInterpreter(setup: InterpreterSetup): (page: LandedPage) => InterpretedPage {
  const { connector, batch } = setup;
  const write = recordWriter(setup);
  const lastDay = lastDayOf(batch.asOf);
  // Read again where it comes again: then the same rows may have happened.
  const keys = createKeys(setup.identityKey);
  const ownDigest = ({ digest, pageId }: LandedPage) => keys.digest(`${digest}\n${pageId}`);
  const readers = new Map(
    Object.keys(connector.manifest.sheets).map((sheet) => [
      sheet,
      sheetReader(connector, sheet, batch.header[sheet] ?? []),
    ]),
  );
  const of = (sheet: string) => {
    const settings = connector.manifest.sheets[sheet];
    return { tables: setup.tables, restates: settings?.restates ? settings.record : undefined };
  };
  const isFull = connector.manifest.mode === 'full';
  const identify = (sheet: string, json: string): UnreadRecord[] =>
    connector
      .identifier(
        sheet,
        batch.header[sheet] ?? [],
      )(JSON.parse(json))
      .map((identity) => ({ kind: identity.kind, key: recordKey(batch.feedId, identity, keys) }));
  return (page) => {
    const horizon = { lastDay, latest: '' };
    const found: Found = { horizon, keys: [], kinds: new Set(), bodies: [], hasMentions: false };
    const rejected: RejectedOfPage[] = [];
    const unread: UnreadRecord[] = [];
    const read = readers.get(page.sheet) ?? (() => ({ rejection: SHAPELESS }));
    let lines = '';
    for (const [row, json] of linesOf(page.lines).entries()) {
      const result = read(json, horizon);
      const written =
        'records' in result
          ? write({ page, row, records: result.records }, found)
          : result.rejection;
      if (typeof written === 'string') {
        lines += written;
        continue;
      }
      rejected.push({ row, reason: written.reason, column: written.column });
      if (isFull) unread.push(...identify(page.sheet, json));
    }
    const own = rejected.some(({ reason }) => reason === 'value.in-future')
      ? { ...page, digest: ownDigest(page) }
      : page;
    return {
      pageId: page.pageId,
      page: new TextEncoder().encode(pageLine(own, found, rejected, of(page.sheet))),
      lines: new TextEncoder().encode(lines),
      rejected,
      unread,
      keys: Float64Array.from(found.keys),
      kinds: [...found.kinds],
      hasMentions: found.hasMentions,
    };
  };
}
