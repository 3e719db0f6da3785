/**
 * The nightly run over a county: full with one, two and three workers, then with one official in a
 * hundred changed, against the bare SQL of the same rules over the same tables (no staging, no
 * findings, no warnings). Given a number of rules, then a full night with so many, copies of the book.
 *
 *   node test/bench/nights.ts <database url> <officials> [rules]
 */
import { clockAt } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { Secret } from '../../src/base/secret.ts';
import { correlate } from '../../src/pipeline/correlate/index.ts';
import { fillScope } from '../../src/pipeline/correlate/snapshot-tables.ts';
import { registerRules } from '../../src/pipeline/register-rules.ts';
import { connect, type Sql, type Transaction } from '../../src/platform/database.ts';
import { loadRules } from '../../src/rules/index.ts';
import type { RuleDefinition } from '../../src/rules/kit/define-rule.ts';
import { defaultsOf, snapshotOf } from '../../src/rules/kit/snapshot.ts';
import { manyRules } from '../harness/many-rules.ts';
import { AS_OF, fillCounty, personIdSql } from './county.ts';

/** `found` for the rules that stack findings, out of the bare tables of the others. */
const foundTable = (rules: readonly RuleDefinition[]) => `
  create temp table found on commit drop as ${rules
    .map(
      ({ id, family }) =>
        `select '${id}' as rule_id, '${family}' as family, person_id, unit_code, period, severity, evidence from bare_${id}`,
    )
    .join(' union all ')}`;

async function bareRule(tx: Transaction, rule: RuleDefinition) {
  const snapshot = snapshotOf(AS_OF, defaultsOf(rule));
  await tx.unsafe(`create temp table bare_${rule.id} on commit drop as ${rule.findings(snapshot)}`);
  if (rule.gaps) {
    await tx.unsafe(`create temp table gap_${rule.id} on commit drop as ${rule.gaps(snapshot)}`);
  }
}

async function bareSql(sql: Sql, rules: readonly RuleDefinition[]): Promise<number> {
  const started = performance.now();
  await sql.begin('isolation level repeatable read', async (tx) => {
    await tx.unsafe(`set local work_mem = '256MB'`);
    await fillScope(tx, AS_OF);
    const [first, last] = [
      rules.filter((rule) => !rule.isAfterOthers),
      rules.filter((rule) => rule.isAfterOthers),
    ];
    for (const rule of first) await bareRule(tx, rule);
    await tx.unsafe(foundTable(first));
    for (const rule of last) await bareRule(tx, rule);
  });
  return (performance.now() - started) / 1000;
}

/** One official in a hundred has a new home: a fact changes and the night must notice it. */
async function changeOneInAHundred(owner: Sql, officials: number) {
  await owner.unsafe(`
    with batch as (
      insert into hub.batch (feed_id, as_of, mode, payload_name, payload_digest, payload_bytes, header, kinds, state, received_at, linked_at)
      values ('real-estate', date '${AS_OF}', 'delta', 'bench', 'bench-delta', 0, '{}', '{}', 'linked', now(), now()) returning batch_id),
    changed as (
      insert into hub.property (person_id, id, known_from, feed_id, batch_id, ordinal, digest, managed_by, unit_no, address, use, area_m2, ownership, share_percent, obtained_by, registered_on)
      select ${personIdSql('i')}, md5('new' || i)::uuid, date '${AS_OF}', 'real-estate', batch_id, i, md5('new' || i)::uuid, array[1]::smallint[],
        'NEW' || i, '临江县新路' || i || '号', 'residential', 88, 'sole', 100, 'purchase', date '2025-03-01'
      from batch, generate_series(100, ${officials}, 100) i returning person_id, batch_id)
    insert into hub.changed_subject (subject, subject_id, batch_id) select 'person', person_id, batch_id from changed`);
}

const [url, officialsText, rulesText] = process.argv.slice(2);
if (!url || !officialsText) throw new Error('usage: nights.ts <database url> <officials> [rules]');
const officials = Number(officialsText);
const owner = connect(new Secret(url), { role: 'owner', max: 2 });
const worker = connect(new Secret(url), { role: 'worker', max: 8 });
const rules = await loadRules();
await fillCounty(owner, officials);
await registerRules(worker, rules);
const context = {
  sql: worker,
  identityKey: new Secret('bench'),
  clock: clockAt(AS_OF),
  log: silentLog,
  rules,
};
const night = async (mode: 'full' | 'delta', workers: number) => {
  const started = performance.now();
  const request = { asOf: AS_OF, mode, requestedBy: 'bench' };
  const outcome = await correlate({ ...context, workers }, request);
  return { workers, seconds: (performance.now() - started) / 1000, outcome };
};
await bareSql(worker, rules);
const bareSeconds = await bareSql(worker, rules);
const first = await night('full', 1);
const full = [await night('full', 1), await night('full', 2), await night('full', 3)];
await changeOneInAHundred(owner, officials);
const delta = await night('delta', 1);
/** A full night of a larger rule book: its first, which raises all warnings, and the one after. */
async function manyRuled(count: number): Promise<number[]> {
  const many = await manyRules(count);
  const book = await loadRules(many.folder);
  await registerRules(worker, book);
  const seconds: number[] = [];
  for (const workers of [1, 1, 2]) {
    const started = performance.now();
    const request = { asOf: AS_OF, mode: 'full' as const, requestedBy: 'bench' };
    await correlate({ ...context, rules: book, workers }, request);
    seconds.push((performance.now() - started) / 1000);
  }
  many.remove();
  return seconds;
}
const ruleCount = Number(rulesText ?? 0);

const figures = {
  officials,
  ownRules: rules.length,
  manyRules: ruleCount,
  manyRuledSeconds: ruleCount > 0 ? await manyRuled(ruleCount) : [],
  bareSeconds,
  firstSeconds: first.seconds,
  fullSeconds: full.map(({ seconds }) => seconds),
  deltaSeconds: delta.seconds,
  deltaPersons: delta.outcome.persons,
  memoryMb: Math.round(process.resourceUsage().maxRSS / 1024),
  raised: first.outcome.warnings.raised,
  raisedByDelta: delta.outcome.warnings.raised,
  rules: first.outcome.rules.map(
    ({ ruleId, state, findings, gaps, milliseconds }) =>
      `${ruleId} ${state} ${findings} findings ${gaps} gaps ${milliseconds} ms`,
  ),
};
process.stdout.write(`${JSON.stringify(figures)}\n`);
await Promise.all([owner.end(), worker.end()]);
