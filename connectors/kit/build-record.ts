/**
 * Builds one record of a row from the values of its columns: its key, whom or what it is about, whom it
 * mentions, and the body. What a row leaves out becomes a rejection, or no record where that is agreed.
 */
import { keyForm } from './key-form.ts';
import type { ColumnType, Naming, Sheet } from './manifest.ts';
import { namedBy, namingReader } from './naming.ts';
import type { ReadCell } from './read-column.ts';
import type { FactRecord, JsonValue, PersonMention, RecordIdentity, Rejection } from './record.ts';
import type { RecordSheet } from './record-sheets.ts';

type Scheme = PersonMention['scheme'];
/** How one column is read, and what it is in a record. */
export type Reader = {
  column: string;
  /** Null in a record that says nothing by this column. */
  field: string | null;
  type: ColumnType;
  inBody: boolean;
  /** A date of something that has happened. */
  isPast: boolean;
  read: ReadCell;
};
/** Values in the order of the sheet's readers: a row is an array until it becomes a record. */
export type Values = readonly JsonValue[];

/** What the row must name and does not: its subject, or another that is part of the key. */
function unnamedIn(others: Others | undefined, sheet: Sheet): Naming | undefined {
  if (sheet.subject !== undefined && others?.subject === undefined) return sheet.subject;
  const field = sheet.key.find((name) => sheet.mentions?.[name] && !others?.mentions?.[name]);
  return field === undefined ? undefined : sheet.mentions?.[field];
}

const schemeOf = (reader: Reader | undefined): Scheme | null =>
  reader?.type === 'resident-id' || reader?.type === 'travel-document' ? reader.type : null;

/** The same readers, in the same places, with the fields they have in one record of the row. */
export const fieldsOf = ({ columns }: Sheet, readers: readonly Reader[]): Reader[] =>
  readers.map((reader) => ({ ...reader, field: columns[reader.column]?.field ?? null }));

/**
 * Whether a row has a record that not every row has: null without it, a rejection where it is half
 * filled in, undefined where it is there. No function where every row has the record.
 */
function absenceOf({ when, own, columns }: RecordSheet, readers: readonly Reader[]) {
  if (when === undefined) return undefined;
  const placeOf = (name: string) => readers.findIndex(({ column }) => column === name);
  const places = own.map(placeOf);
  const needed = readers.flatMap(({ column }, place) => (columns[column]?.required ? [place] : []));
  const missing = (column: string) => ({
    rejection: { reason: 'value.missing' as const, column },
  });
  return (values: Values) => {
    if (values[placeOf(when)] === null) {
      return places.every((place) => values[place] === null) ? null : missing(when);
    }
    const blank = needed.find((place) => values[place] === null);
    return blank === undefined ? undefined : missing(readers[blank]?.column ?? when);
  };
}

type BuildRecord = (values: Values) => FactRecord | { rejection: Rejection } | null;

/** Null for a row that has no such record. */
export function recordBuilder(sheet: RecordSheet, readers: Reader[]): BuildRecord {
  const kind = sheet.record;
  if (kind === undefined) return () => null;
  const placeOf = (field: string) => readers.findIndex((reader) => reader.field === field);
  const keyOf = keyReader(sheet, placeOf);
  const personOf = personReader(sheet, readers, placeOf);
  const othersOf = othersReader(sheet, placeOf);
  // Whoever the row mentions is no column of the fact table.
  const body = objectBuilder(readers, (reader) => reader.inBody);
  const absent = absenceOf(sheet, readers);
  return (values) => {
    const absence = absent?.(values);
    if (absence !== undefined) return absence;
    const others = othersOf?.(values);
    const unnamed = unnamedIn(others, sheet);
    if (unnamed) return { rejection: { reason: 'value.missing', column: namedBy(unnamed, sheet) } };
    return {
      kind,
      key: keyOf(values, others),
      person: personOf(values),
      ...others,
      body: body(values),
    };
  };
}

/** Which record a row would be if it could be read; null where that cannot be read either. */
export function identityReader(sheet: RecordSheet, readers: Reader[]) {
  const { record: kind, key, subject, mentions = {}, when } = sheet;
  if (kind === undefined) return () => null;
  const placeOf = (field: string) => readers.findIndex((reader) => reader.field === field);
  const keyOf = keyReader(sheet, placeOf);
  const othersOf = othersReader(sheet, placeOf);
  const namings = [subject, ...key.map((field) => mentions[field])];
  const fields = [...key, ...namings.flatMap((naming) => naming?.by.flat() ?? [])];
  const places = [
    ...fields.map(placeOf),
    ...(when === undefined ? [] : [readers.findIndex(({ column }) => column === when)]),
  ].filter((place) => place >= 0);
  const needed = key.filter((field) => !mentions[field]).map(placeOf);
  return (values: Values, isRead: (place: number) => boolean): RecordIdentity | null => {
    if (!places.every(isRead) || needed.some((place) => values[place] === null)) return null;
    if (when !== undefined && values[places.at(-1) ?? -1] === null) return null;
    const others = othersOf?.(values);
    return unnamedIn(others, sheet) ? null : { kind, key: keyOf(values, others) };
  };
}

type Others = Pick<FactRecord, 'subject' | 'mentions'>;

/** The subject is part of the key; a field that receives another's key counts by how that is named. */
function keyReader(sheet: Sheet, placeOf: (field: string) => number) {
  const parts = sheet.key.map((field) =>
    sheet.mentions?.[field] ? { field } : { place: placeOf(field) },
  );
  return (values: Values, others: Others | undefined): string[] => [
    ...(others?.subject ? [others.subject.number] : []),
    ...parts.map((part) =>
      'field' in part
        ? (others?.mentions?.[part.field]?.number ?? '')
        : keyForm(values[part.place]),
    ),
  ];
}

/** What the row is about where that is no person, and whom or what else it mentions. */
function othersReader(
  sheet: Sheet,
  placeOf: (field: string) => number,
): ((values: Values) => Others) | null {
  const { subject, mentions = {} } = sheet;
  if (subject === undefined && Object.keys(mentions).length === 0) return null;
  const subjectOf = subject && namingReader(subject, placeOf);
  const named = Object.entries(mentions).map(
    ([field, naming]) => [field, namingReader(naming, placeOf)] as const,
  );
  return (values) => {
    const about = subjectOf?.(values);
    const found = named.flatMap(([field, read]) => {
      const mention = read(values);
      return mention ? [[field, mention] as const] : [];
    });
    return {
      ...(about ? { subject: about } : {}),
      ...(found.length > 0 ? { mentions: Object.fromEntries(found) } : {}),
    };
  };
}

/** Fields in the readers' order, so that all rows of a sheet share one object shape. */
export function objectBuilder(readers: Reader[], isKept: (reader: Reader) => boolean = () => true) {
  const fields = readers.map((reader) => (isKept(reader) ? reader.field : null));
  return (values: Values): Record<string, JsonValue> => {
    const object: Record<string, JsonValue> = {};
    let place = 0;
    for (const field of fields) {
      const value = values[place++];
      if (field !== null) object[field] = value ?? null;
    }
    return object;
  };
}

function personReader(
  sheet: Sheet,
  readers: Reader[],
  placeOf: (field: string) => number,
): (values: Values) => PersonMention | null {
  if (sheet.person === undefined) return () => null;
  const place = placeOf(sheet.person);
  const namePlace = sheet.personName === undefined ? -1 : placeOf(sheet.personName);
  const scheme = schemeOf(readers[place]);
  if (scheme === null) return () => null;
  return (values) => {
    const name = values[namePlace];
    const number = String(values[place]);
    return { scheme, number, name: typeof name === 'string' ? name : null };
  };
}
