/** The whole way: the county delivers, the hub reads and compares, and the answer sheet is opened. */
import { describe, expect, it } from 'vitest';
import { loadConnectors } from '../../connectors/kit/index.ts';
import { fixedClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { Secret } from '../../src/base/secret.ts';
import type { Answer } from '../../src/demo/model.ts';
import { correlate } from '../../src/pipeline/correlate/index.ts';
import { registerFeeds, syncFeed } from '../../src/pipeline/index.ts';
import { registerRules } from '../../src/pipeline/register-rules.ts';
import { loadRules } from '../../src/rules/index.ts';
import { pull } from '../../src/transports/index.ts';
import { testDatabase } from '../harness/database.ts';
import { county, openPlaces } from './county-under-test.ts';

const database = testDatabase();
const clock = fixedClock('2026-06-30T12:00:00Z');

type Hit = { rule: string; subject: string; severity: string };

async function judged(officials: number) {
  const made = await county(officials);
  const hub = await database.get();
  const { sources } = await openPlaces(made.folder, hub.url);
  const sql = hub.as('worker');
  const connectors = await loadConnectors();
  const identityKey = new Secret('identity key of the county');
  const context = { sql, identityKey, clock, log: silentLog, connectors };
  await registerFeeds(sql, connectors);
  await registerRules(sql, await loadRules());
  for (const [id, settings] of sources) {
    const connector = connectors.get(id);
    if (!connector) throw new Error(`no feed ${id}`);
    const known = async (digest: string) =>
      (await sql`select 1 from hub.batch where feed_id = ${id} and payload_digest = ${digest}`)
        .length > 0;
    // The simulator checks real time.
    const pulling = { clock: { ...clock, now: () => new Date() }, log: silentLog, known };
    await syncFeed(context, id, pull(connector, settings, pulling), 'test');
  }
  // A server looks at new tables within a minute by itself; the test does not wait for it.
  await hub.as('owner').unsafe('analyze');
  await correlate(context, { asOf: '2026-06-30', mode: 'full', requestedBy: 'test' });
  const hits = await sql<Hit[]>`
    select distinct f.rule_id as rule, coalesce(p.id_number, f.unit_code) as subject, f.severity
    from hub.finding f left join hub.person p using (person_id)
    where f.seen_to = 'infinity'`;
  const sections = ['post', 'kinship', 'property', 'vehicle', 'travel_document', 'trip', 'income']
    .concat(['declaration', 'declared_holding', 'audit', 'petition', 'finding'])
    .map((table) => `exists (select 1 from hub.${table} x where x.person_id = p.person_id)`);
  const known = await sql.unsafe(
    `select name from hub.person p where p.is_official and ${sections.join(' and ')}`,
  );
  return { ...made, hits, knownToAll: known.length };
}

const subjectOf = ({ idNumber, unitCode }: Answer): string => idNumber || (unitCode ?? '');
const line = (rule: string, subject: string, severity = ''): string =>
  `${rule} ${subject} ${severity}`;

describe('the answer sheet', () => {
  it('is found by the nine rules: every true case, with its severity, and nobody else', async () => {
    const { answers, hits, knownToAll } = await judged(1500);
    const truths = answers.filter(({ kind }) => kind === 'true');
    const found = new Set(hits.map(({ rule, subject, severity }) => line(rule, subject, severity)));
    const missed = truths.filter((it) => !found.has(line(it.rule, subjectOf(it), it.severity)));
    const wanted = new Set(truths.map((it) => line(it.rule, subjectOf(it))));
    const notes = new Map(answers.map((it) => [subjectOf(it), it.note_en]));
    const wrong = hits.filter(({ rule, subject }) => !wanted.has(line(rule, subject)));
    // The profile the demo invites to look at has no empty section.
    expect(knownToAll).toBeGreaterThan(0);
    expect(missed.map(({ rule, note_en }) => `${rule} ${note_en}`)).toEqual([]);
    expect(wrong.map((it) => `${line(it.rule, it.subject)}${notes.get(it.subject)}`)).toEqual([]);
  }, 240_000);
});
