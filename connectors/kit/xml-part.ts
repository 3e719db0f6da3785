/**
 * The elements and text of one XML part of a workbook, as a stream. saxes reads the XML, strictly and
 * with namespaces, so a prefix, a space or a `>` in a value changes nothing and a part that is cut
 * off is refused. A document type is refused too: no entity is ever declared, expanded or fetched.
 */
import { type SaxesAttributeNS, SaxesParser } from 'saxes';
import { HubError } from '../../src/base/errors.ts';
import type { Chunks } from './read-csv.ts';

/** By qualified name; an attribute of the element's own vocabulary has no prefix. */
export type Attributes = Readonly<Record<string, SaxesAttributeNS>>;

/** Hears what belongs to the part's own vocabulary, by local name; extensions are passed over. */
export type XmlHandler = {
  open(name: string, attributes: Attributes): void;
  close?(name: string): void;
  text?(text: string): void;
};

export type PartOptions = {
  feed: string;
  /** Local name of the root element. A part that is something else is refused, not read as empty. */
  root: string;
  /** Names of its vocabulary: the usual one and that of the strict form. */
  vocabulary: readonly string[];
};

/** Characters without a tag in between: no cell is that long, and the parser keeps them all. */
const MOST_PENDING = 2 * 1024 * 1024;

/** Calls the handler for every element and every piece of text, in order. */
export async function readXml(
  chunks: Chunks,
  options: PartOptions,
  handler: XmlHandler,
): Promise<void> {
  for await (const step of xmlSteps(chunks, options, handler)) void step;
}

/** Like `readXml`, pausing after every chunk so that the caller can pass on what it has. */
export async function* xmlSteps(
  chunks: Chunks,
  options: PartOptions,
  handler: XmlHandler,
): AsyncGenerator<void> {
  const { feed } = options;
  const decoder = new TextDecoder('utf-8');
  let pending = 0;
  const parser = parserFor(options, handler, () => {
    pending = 0;
  });
  for await (const chunk of chunks) {
    pending += chunk.length;
    parse(feed, 'a part of the workbook is not well-formed XML', () =>
      parser.write(decoder.decode(chunk, { stream: true })),
    );
    if (pending > MOST_PENDING) throw new HubError('source.too-large', { feed });
    yield;
  }
  parse(feed, 'a part of the workbook is cut off', () => parser.write(decoder.decode()).close());
}

/** The parser's own message quotes what it read, so it stays in the cause. */
function parse(feed: string, reason: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (error instanceof HubError) throw error;
    throw new HubError('source.unreadable', { feed, reason }, error);
  }
}

function parserFor(
  { feed, root, vocabulary }: PartOptions,
  handler: XmlHandler,
  heard: () => void,
) {
  const parser = new SaxesParser({ xmlns: true, position: false });
  const refuse = (reason: string): never => {
    throw new HubError('source.unreadable', { feed, reason });
  };
  let own: string | undefined;
  parser.on('doctype', () => refuse('a document type is not allowed'));
  parser.on('opentag', ({ local, uri, attributes }) => {
    heard();
    if (own === undefined) {
      if (local !== root || !vocabulary.includes(uri)) refuse(`a part is no ${root}`);
      own = uri;
    }
    if (uri === own) handler.open(local, attributes);
  });
  parser.on('closetag', ({ local, uri }) => {
    heard();
    if (uri === own) handler.close?.(local);
  });
  const text = (piece: string) => {
    heard();
    handler.text?.(piece);
  };
  parser.on('text', text);
  parser.on('cdata', text);
  return parser;
}
