/**
 * What the shape of feed.yml cannot say: names that must exist, and settings that would be unsafe
 * together. Everything here is found when the hub starts, not when the first row arrives.
 */
import { HubError } from '../../src/base/errors.ts';
import { isRead } from './compare-columns.ts';
import { DATED } from './horizon.ts';
import { type Column, type Manifest, manifest as manifestShape, type Sheet } from './manifest.ts';
import { recordSheets } from './record-sheets.ts';

/** Parses the content of feed.yml or refuses it, naming the first thing that is wrong. */
export function parseManifest(feed: string, content: unknown): Manifest {
  const parsed = manifestShape.safeParse(content);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw refused(feed, `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim());
  }
  for (const reason of problems(parsed.data)) throw refused(feed, reason);
  return parsed.data;
}

const refused = (feed: string, reason: string) =>
  new HubError('feed.manifest-invalid', { feed, reason });

function* problems(manifest: Manifest): Generator<string> {
  for (const [name, sheet] of Object.entries(manifest.sheets)) {
    for (const problem of recordProblems(sheet)) yield `${name}: ${problem}`;
    for (const one of recordSheets(sheet)) {
      for (const problem of sheetProblems(one)) yield `${name}: ${problem}`;
    }
    for (const [column, settings] of Object.entries(sheet.columns)) {
      for (const problem of columnProblems(settings, manifest, isNamed(sheet, column))) {
        yield `${name}.${column}: ${problem}`;
      }
    }
    // An unknown column might be a sealed one under another name; it must not reach the disk.
    const hasSealed = Object.values(sheet.columns).some((column) => column.drop);
    if (hasSealed && manifest.drift.added !== 'stop') {
      yield `${name}: a sheet with dropped columns needs drift.added: stop`;
    }
  }
}

/** Whether a record of the row says what the column is in it. */
const isNamed = ({ records = [] }: Sheet, column: string): boolean =>
  records.some(({ columns }) => Object.hasOwn(columns, column));

function* recordProblems(sheet: Sheet): Generator<string> {
  const { records = [], columns, record, furtherRecords, restates } = sheet;
  if (restates && (record === undefined || furtherRecords.length === 0)) {
    yield 'restates needs a record, and furtherRecords that it states whole';
  }
  if (restates && furtherRecords.includes(record ?? '')) {
    yield `${record} cannot be stated whole by itself`;
  }
  for (const { columns: own, when, required } of records) {
    if (when === undefined && required.length > 0) yield 'required in records goes with when';
    for (const column of [
      ...Object.keys(own),
      ...required,
      ...(when === undefined ? [] : [when]),
    ]) {
      const settings = Object.hasOwn(columns, column) ? columns[column] : undefined;
      if (!settings || !isRead(settings)) yield `records name ${column}, which is no column read`;
      else if (settings.field !== undefined && Object.hasOwn(own, column)) {
        yield `${column} has a field of its own and one in records`;
      }
    }
  }
}

function* sheetProblems(sheet: Sheet): Generator<string> {
  const byField = new Map<string, Column>();
  for (const column of Object.values(sheet.columns).filter(isRead)) {
    if (column.field === undefined) continue;
    if (byField.has(column.field)) yield `field ${column.field} has two columns`;
    byField.set(column.field, column);
  }
  if (sheet.key.length === 0 && sheet.subject === undefined) yield 'a sheet needs a key';
  for (const field of sheet.key.filter((name) => sheet.mentions?.[name] === undefined)) {
    // Two facts without their key part would be taken for one.
    if (byField.get(field)?.required !== true) yield `key field ${field} needs a required column`;
  }
  const person = sheet.person === undefined ? undefined : byField.get(sheet.person);
  if (sheet.person !== undefined && !identifiesPerson(person)) {
    yield `person ${sheet.person} needs a required resident-id or travel-document column`;
  }
  if (sheet.personName !== undefined && !byField.has(sheet.personName)) {
    yield `personName ${sheet.personName} has no column`;
  }
  if (sheet.person !== undefined && sheet.subject !== undefined) {
    yield 'a row is about a person or about another subject, not both';
  }
  const namings = [sheet.subject, ...Object.values(sheet.mentions ?? {})];
  for (const field of namings.flatMap((naming) => naming?.by.flat() ?? [])) {
    if (!byField.has(field)) yield `${field}, by which a subject is named, has no column`;
  }
}

const identifiesPerson = (column: Column | undefined): boolean =>
  column?.required === true && (column.type === 'resident-id' || column.type === 'travel-document');

function* columnProblems(
  column: Column,
  manifest: Manifest,
  isInRecord: boolean,
): Generator<string> {
  if (isRead(column) && column.field === undefined && !isInRecord) {
    yield 'say field, ignore or drop';
  }
  if ((column.type === 'code') !== (column.codes !== undefined)) {
    yield 'type code and a list of codes go together';
  }
  if (column.codes !== undefined && !Object.hasOwn(manifest.codes, column.codes)) {
    yield `there is no list of codes named ${column.codes}`;
  }
  if (column.multiline && isRead(column) && column.type !== 'text') {
    yield 'multiline is for text, and for columns that are ignored or dropped';
  }
  if (column.ahead && !DATED.has(column.type)) yield 'ahead is for dates';
  const isNumber = column.type === 'integer' || column.type === 'decimal';
  if (!isNumber && (column.min !== undefined || column.max !== undefined)) {
    yield 'min and max are for integer and decimal';
  }
}
