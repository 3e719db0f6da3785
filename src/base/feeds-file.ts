/**
 * Reads the feeds file into one checked source per feed. An unknown key, a secret given twice or
 * not at all, a file of secrets that others can read: each is refused by name before anything runs.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { FEED_SHAPES, type SourceSettings, secretText } from './feed-settings.ts';
import { invalid, parseOrRefuse } from './invalid-setting.ts';
import { readPrivateFile, refuseOpenFile } from './private-file.ts';
import type { Secret } from './secret.ts';
import { databaseUrl } from './settings.ts';

const MEGABYTE = 1024 * 1024;

const feedName = z.string().regex(/^[a-z][a-z-]*$/, 'is no feed name');
const feedsFile = z.strictObject({ feeds: z.record(feedName, z.record(z.string(), z.unknown())) });

function kindOf(at: string, given: Record<string, unknown>): keyof typeof FEED_SHAPES {
  const kinds = [
    ...('folder' in given ? (['file-drop'] as const) : []),
    ...('baseUrl' in given ? (['signed-http'] as const) : []),
    ...('databaseUrl' in given || 'databaseUrlFile' in given
      ? (['front-end-database'] as const)
      : []),
  ];
  if (kinds.length === 1 && kinds[0] !== undefined) return kinds[0];
  throw invalid(at, 'needs exactly one of folder, baseUrl, databaseUrl');
}

/** A secret stands in the file itself or in a file of its own, never in both. */
function secretOf<T extends z.ZodType<Secret>>(
  at: string,
  name: string,
  given: { inline: Secret | undefined; file: string | undefined; folder: string; shape: T },
): Secret {
  const { inline, file, folder, shape } = given;
  if ((inline === undefined) === (file === undefined)) {
    throw invalid(`${at}.${name}`, `give either ${name} or ${name}File`);
  }
  if (inline !== undefined) return inline;
  return parseOrRefuse(
    shape,
    readPrivateFile(`${at}.${name}File`, resolve(folder, file ?? '')),
    `${at}.${name}File`,
  );
}

function readFeed(name: string, given: Record<string, unknown>, folder: string): SourceSettings {
  const at = `feeds.${name}`;
  const kind = kindOf(at, given);
  const shared = (it: {
    enabled: boolean;
    schedule?: string | undefined;
    maxMegabytes: number;
  }) => ({
    isEnabled: it.enabled,
    schedule: it.schedule,
    maxBytes: it.maxMegabytes * MEGABYTE,
  });
  if (kind === 'file-drop') {
    const it = parseOrRefuse(FEED_SHAPES[kind], given, at);
    const { format, charset } = it;
    return { ...shared(it), kind, folder: resolve(folder, it.folder), format, charset };
  }
  if (kind === 'signed-http') {
    const it = parseOrRefuse(FEED_SHAPES[kind], given, at);
    const secret = secretOf(at, 'secret', {
      inline: it.secret,
      file: it.secretFile,
      folder,
      shape: secretText,
    });
    const { requester, service, resources, pageSize, network } = it;
    const address = it.baseUrl.replace(/\/+$/, '');
    return {
      ...shared(it),
      kind,
      baseUrl: address,
      requester,
      service,
      resources,
      pageSize,
      secret,
      network,
      allowsHttp: it.allowHttp,
    };
  }
  const it = parseOrRefuse(FEED_SHAPES[kind], given, at);
  const url = secretOf(at, 'databaseUrl', {
    inline: it.databaseUrl,
    file: it.databaseUrlFile,
    folder,
    shape: databaseUrl,
  });
  return { ...shared(it), kind, databaseUrl: url, schema: it.schema, tables: it.tables };
}

/** The sources of an installation by feed name. `isRequired` when the operator named the file. */
export function readFeeds(path: string, isRequired: boolean): ReadonlyMap<string, SourceSettings> {
  if (!existsSync(path)) {
    if (isRequired) throw invalid('HUB_FEEDS', 'no such file');
    return new Map();
  }
  let given: unknown;
  try {
    given = parseYaml(readFileSync(path, 'utf8'));
  } catch {
    // The parser's message quotes the line, which may hold a secret.
    throw invalid('HUB_FEEDS', 'is not a readable YAML file');
  }
  const { feeds } = parseOrRefuse(feedsFile, given, '');
  const holdsSecret = Object.values(feeds).some((it) => 'secret' in it || 'databaseUrl' in it);
  if (holdsSecret) refuseOpenFile('HUB_FEEDS', path);
  const folder = dirname(resolve(path));
  return new Map(Object.entries(feeds).map(([name, it]) => [name, readFeed(name, it, folder)]));
}
