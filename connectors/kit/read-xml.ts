/**
 * The tags and text of an XML part, as a stream. It knows what a workbook needs and no more: there
 * are no document types, so no entity can be declared, expanded or fetched.
 */
import { HubError } from '../../src/base/errors.ts';
import type { Chunks } from './read-csv.ts';

export type XmlHandler = {
  open(name: string, attributes: string): void;
  close(name: string): void;
  text(text: string): void;
};

const LONGEST_TAG = 65_536;
/** Longer text cannot be a cell; it is cut where every reader of values refuses it as too long. */
const LONGEST_TEXT = 32_768;

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};
const ENTITY = /&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([a-z]{2,4}));/g;

/** Text with the five entities of XML and character numbers resolved; an unknown one stays marked. */
export const unescapeXml = (text: string): string =>
  text.includes('&')
    ? text.replace(ENTITY, (_, hex?: string, decimal?: string, name?: string) => {
        if (name !== undefined) return ENTITIES[name] ?? '\ufffd';
        const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
        return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
      })
    : text;

/** Value of one attribute in the text between tag name and `>`. */
export function attribute(attributes: string, name: string): string | null {
  let at = attributes.indexOf(`${name}=`);
  // The name must stand alone: `r` is not the end of `dr` or `x:r`.
  while (at > 0 && !/\s/.test(attributes.charAt(at - 1)))
    at = attributes.indexOf(`${name}=`, at + 1);
  if (at < 0) return null;
  const start = at + name.length + 2;
  const end = attributes.indexOf(attributes.charAt(start - 1), start);
  return end < 0 ? null : unescapeXml(attributes.slice(start, end));
}

/** Calls the handler for every tag and every piece of text, in order. */
export async function readXml(chunks: Chunks, feed: string, handler: XmlHandler): Promise<void> {
  for await (const step of xmlSteps(chunks, feed, handler)) void step;
}

/** Like `readXml`, pausing after every chunk so that the caller can pass on what it has. */
export async function* xmlSteps(
  chunks: Chunks,
  feed: string,
  handler: XmlHandler,
): AsyncGenerator<void> {
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  for await (const chunk of chunks) {
    rest += decoder.decode(chunk, { stream: true });
    rest = rest.slice(readTags(rest, feed, handler));
    if (rest.length > LONGEST_TAG) throw unreadable(feed, 'a tag or text without an end');
    yield;
  }
  if (rest.trim() !== '') throw unreadable(feed, 'a part of the workbook is cut off');
}

const unreadable = (feed: string, reason: string) =>
  new HubError('source.unreadable', { feed, reason });

/** Handles every complete tag with the text before it; returns where the incomplete rest begins. */
function readTags(xml: string, feed: string, handler: XmlHandler): number {
  let at = 0;
  for (;;) {
    const tag = xml.indexOf('<', at);
    if (tag < 0) return cutText(xml, at, handler);
    const special = xml.charCodeAt(tag + 1) === 33 || xml.charCodeAt(tag + 1) === 63;
    const end = special ? endOfSpecial(xml, tag, feed) : xml.indexOf('>', tag);
    if (end < 0) return at;
    if (tag > at) handler.text(unescapeXml(xml.slice(at, Math.min(tag, at + LONGEST_TEXT))));
    if (special) readSpecial(xml.slice(tag, end + 1), handler);
    else readTag(xml.slice(tag + 1, end), handler);
    at = end + 1;
  }
}

/** Text whose end has not arrived: what is already too long for a cell is handed on and let go. */
function cutText(xml: string, at: number, handler: XmlHandler): number {
  if (xml.length - at <= LONGEST_TEXT) return at;
  handler.text(xml.slice(at, at + LONGEST_TEXT));
  return xml.length;
}

/** End of a comment, CDATA section or declaration; -1 while it has not arrived. */
function endOfSpecial(xml: string, tag: number, feed: string): number {
  if (xml.startsWith('<!DOCTYPE', tag)) throw unreadable(feed, 'a document type is not allowed');
  const closing = xml.startsWith('<!--', tag) ? '-->' : xml.startsWith('<![', tag) ? ']]>' : '>';
  const end = xml.indexOf(closing, tag + 2);
  return end < 0 ? -1 : end + closing.length - 1;
}

function readSpecial(special: string, handler: XmlHandler): void {
  if (special.startsWith('<![CDATA[')) handler.text(special.slice(9, -3));
}

function readTag(tag: string, handler: XmlHandler): void {
  if (tag.charCodeAt(0) === 47) {
    handler.close(localName(tag.slice(1).trim()));
    return;
  }
  const isEmpty = tag.charCodeAt(tag.length - 1) === 47;
  const space = tag.search(/[\s/]/);
  const name = localName(space < 0 ? tag : tag.slice(0, space));
  handler.open(name, space < 0 ? '' : tag.slice(space, isEmpty ? -1 : undefined));
  if (isEmpty) handler.close(name);
}

const localName = (name: string): string => {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
};
