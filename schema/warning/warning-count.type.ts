/** How many warnings there are of each severity, state or rule, among those the reader may see. */
import { builder, words } from '../builder.ts';
import { expression } from '../fields.ts';
import { rootRows, rowType } from '../row-types.ts';
import { warnings } from './warning.type.ts';

const grant = 'warning.read';

const Grouping = builder.enumType('WarningGrouping', {
  description: words('预警统计口径', 'By what warnings are counted'),
  values: {
    SEVERITY: { description: words('按等级', 'By severity') },
    STATE: { description: words('按状态', 'By state') },
    RULE: { description: words('按规则', 'By rule') },
  },
});

const WarningCount = rowType('WarningCount', {
  ...{ zh: '预警计数', en: 'A count of warnings' },
  grant,
  fields: (t) => ({
    key: expression(t, {
      ...{ grant, zh: '等级、状态或规则编号', en: 'Severity, state or rule', type: 'String' },
      sql: (row) => `${row}.key`,
    }),
    count: expression(t, {
      ...{ grant, zh: '数量', en: 'How many', type: 'Int' },
      sql: (row) => `${row}.count`,
    }),
  }),
});

const KEYS: Readonly<Record<string, string>> = {
  SEVERITY: 'upper(x.severity)',
  STATE: 'upper(x.state)',
  RULE: 'x.rule_id',
};

builder.queryFields((t) => ({
  warningCounts: rootRows(t, {
    ...{ grant, zh: '预警计数', en: 'Counts of warnings', type: WarningCount },
    args: {
      by: t.arg({ type: Grouping, required: true, description: words('口径', 'By what') }),
    },
    rows: (alias, w) => ({
      from: `(select ${KEYS[String(w.choice('by'))]} as key, count(*)::int as count
        from ${warnings.table} x where ${w.managed('x')} group by 1) ${alias}`,
      where: [],
      orderBy: `${alias}.count desc, ${alias}.key`,
    }),
  }),
}));
