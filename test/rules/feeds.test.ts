/** The feeds a rule names are those whose tables its SQL reads. */
import { expect, test } from 'vitest';
import { loadConnectors } from '../../connectors/kit/index.ts';
import { tablesWritten } from '../../connectors/kit/manifest.ts';
import { checkRuleFeeds } from '../../src/pipeline/rule-feeds.ts';
import { loadRules } from '../../src/rules/index.ts';
import type { RuleDefinition } from '../../src/rules/kit/define-rule.ts';
import { interpreted, sampleRows } from '../connectors/samples.ts';
import { testRule } from './night-world.ts';

const connectors = await loadConnectors();
const reading = (findings: RuleDefinition['findings'], feeds: string[]) => () =>
  checkRuleFeeds([testRule('U90', findings, { feeds })], connectors);
const saying = (reason: string) =>
  expect.objectContaining({
    code: 'rule.manifest-invalid',
    details: { rule: 'U90', reason: `rule.yml feeds: ${reason}` },
  });

test('every rule of the book names the feeds whose tables it reads', async () => {
  checkRuleFeeds(await loadRules(), connectors);
});

test('a rule that reads a feed without naming it is refused', () => {
  const audits: RuleDefinition['findings'] = (s) => `select from ${s.at('audit')}`;
  expect(reading(audits, [])).toThrow(
    saying('it reads audit and names no feed that delivers it (audit)'),
  );
  expect(reading(audits, ['audit'])).not.toThrow();
  const units: RuleDefinition['findings'] = (s) => `select from ${s.everyone('unit')}`;
  expect(reading(units, [])).toThrow(
    saying('it reads unit and names no feed that delivers it (roster)'),
  );
});

test('a rule that looks at households names a feed that delivers families', () => {
  const households: RuleDefinition['findings'] = (s) => `select from ${s.ofHousehold('vehicle')}`;
  expect(reading(households, ['vehicle'])).toThrow(
    saying('it reads kinship and names no feed that delivers it (declaration)'),
  );
});

test('a rule that names a feed it does not read, or one that is not, is refused', () => {
  const nothing: RuleDefinition['findings'] = (s) => `select from ${s.found}`;
  expect(reading(nothing, ['vehicle'])).toThrow(
    saying('it names the feed vehicle and reads nothing that it delivers'),
  );
  expect(reading(nothing, ['vehicles'])).toThrow(
    saying('it names the feed vehicles, which does not exist'),
  );
  expect(reading(nothing, ['roster'])).not.toThrow();
});

test('a table that no feed delivers is told', () => {
  const without = new Map([...connectors].filter(([feed]) => feed !== 'audit'));
  const rule = testRule('U90', (s) => `select from ${s.at('audit')}`, { feeds: ['audit'] });
  expect(() => checkRuleFeeds([rule], without)).toThrow(
    saying('it reads audit, which no feed delivers'),
  );
});

test.each([...connectors])(
  '%s writes the tables its manifest says, all in its sample',
  async (_, connector) => {
    const made = new Set<string>();
    for await (const row of sampleRows(connector)) {
      const result = interpreted(connector, row);
      if ('records' in result) for (const { kind } of result.records) made.add(kind);
    }
    expect([...made].sort()).toEqual([...tablesWritten(connector.manifest)].sort());
  },
);
