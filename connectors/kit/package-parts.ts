/** How the parts of a workbook's package refer to each other: by relationship, never by fixed name. */
import { posix } from 'node:path';
import { HubError } from '../../src/base/errors.ts';
import { type Attributes, readXml } from './xml-part.ts';
import type { ZipArchive } from './zip-archive.ts';

export type Relationship = {
  id: string;
  /** Last word of the relationship's type (`worksheet`, `styles`); empty when it has none. */
  kind: string;
  /** Name of the part in the archive. */
  part: string;
};

const VOCABULARY = ['http://schemas.openxmlformats.org/package/2006/relationships'];
/** Where an attribute such as `r:id` comes from, whatever its prefix. */
const REFERENCE = [
  'http://schemas.openxmlformats.org/officeDocument/2006/relationships',
  'http://purl.oclc.org/ooxml/officeDocument/relationships',
];
const MOST_RELATIONSHIPS = 10_000;

/** Value of an attribute without a prefix. */
export const attribute = (attributes: Attributes, name: string): string | undefined =>
  Object.hasOwn(attributes, name) ? attributes[name]?.value : undefined;

/** The relationship that an element names with `r:id`. */
export const reference = (attributes: Attributes): string | undefined =>
  Object.values(attributes).find(({ local, uri }) => local === 'id' && REFERENCE.includes(uri))
    ?.value;

/** What a part (the package itself: '') refers to; nothing when it has no list of relationships. */
export async function relationshipsOf(
  archive: ZipArchive,
  feed: string,
  part: string,
): Promise<Relationship[]> {
  const folder = posix.dirname(part);
  const list = posix.join(folder, '_rels', `${posix.basename(part)}.rels`);
  const found: Relationship[] = [];
  if (!archive.has(list)) return found;
  const options = { feed, root: 'Relationships', vocabulary: VOCABULARY };
  await readXml(archive.read(list), options, {
    open(name, attributes) {
      if (name !== 'Relationship') return;
      if (attribute(attributes, 'TargetMode') === 'External') return;
      if (found.length >= MOST_RELATIONSHIPS) throw new HubError('source.too-large', { feed });
      const target = attribute(attributes, 'Target') ?? '';
      found.push({
        id: attribute(attributes, 'Id') ?? '',
        kind: attribute(attributes, 'Type')?.split('/').at(-1) ?? '',
        // Relative to the folder of the part that refers, as `./a`, `../xl/a` or from the root `/xl/a`.
        part: posix.join('/', target.startsWith('/') ? '' : folder, target).slice(1),
      });
    },
  });
  return found;
}
