/** Income as the tax bureau reports it, item by item and summed up by year. */
import { deliveredBy } from '../feed/provenance.type.ts';
import {
  column,
  descending,
  expression,
  listField,
  many,
  ofPerson,
  type RowRef,
} from '../fields.ts';
import { closedList } from '../inputs.ts';
import { Cadre, Relative } from '../person/person.type.ts';
import { addFields, rowType } from '../row-types.ts';
import { facts } from '../sources.ts';
import { income } from './income.table.ts';

const IncomeItem = closedList('IncomeItem', ['所得项目', 'Kind of income'], {
  wages: ['工资薪金', 'Wages'],
  labour: ['劳务报酬', 'Labour services'],
  royalty: ['稿酬', 'Author’s royalties'],
  licence: ['特许权使用费', 'Licence fees'],
  business: ['经营所得', 'Business'],
  interest: ['利息股息红利', 'Interest and dividends'],
  rent: ['财产租赁', 'Rent'],
  transfer: ['财产转让', 'Sale of property'],
  occasional: ['偶然所得', 'Occasional'],
});

const grant = 'income.read';
const incomes = facts(income);

export const Income: RowRef = rowType('Income', {
  ...{ zh: '一笔收入', en: 'One item of income' },
  source: incomes,
  grant,
  fields: (t) => ({
    taxYear: column(t, income.taxYear, { grant, zh: '纳税年度', en: 'Tax year' }),
    item: column(t, income.item, { grant, zh: '所得项目', en: 'Kind', type: IncomeItem }),
    payerName: column(t, income.payerName, { grant, zh: '扣缴义务人', en: 'Payer' }),
    payerCode: column(t, income.payerCode, { grant, zh: '扣缴义务人代码', en: 'Payer’s code' }),
    gross: column(t, income.grossFen, { grant, zh: '收入额（元）', en: 'Gross in yuan' }),
    deduction: column(t, income.deductionFen, {
      grant,
      zh: '扣除额（元）',
      en: 'Deducted in yuan',
    }),
    tax: column(t, income.taxFen, { grant, zh: '税额（元）', en: 'Tax in yuan' }),
    isSettled: column(t, income.isSettled, { grant, zh: '已汇算清缴', en: 'Settled' }),
    reportedOn: column(t, income.reportedOn, { grant, zh: '申报日期', en: 'Reported on' }),
    delivered: deliveredBy(t, grant),
  }),
});

export const IncomeYear: RowRef = rowType('IncomeYear', {
  ...{ zh: '年度收入', en: 'Income of one year' },
  grant,
  fields: (t) => ({
    year: expression(t, {
      ...{ grant, zh: '年度', en: 'Year', type: 'Int' },
      sql: (row) => `${row}.tax_year`,
    }),
    gross: expression(t, {
      ...{ grant, zh: '收入合计（元）', en: 'Gross in yuan', type: 'Yuan' },
      sql: (row) => `${row}.gross_fen`,
    }),
    tax: expression(t, {
      ...{ grant, zh: '税额合计（元）', en: 'Tax in yuan', type: 'Yuan' },
      sql: (row) => `${row}.tax_fen`,
    }),
    items: many(t, Income, {
      ...{ grant, zh: '明细', en: 'Items' },
      source: incomes,
      // The year may be a relative's, so every item is looked at.
      on: (p, row) => `${ofPerson.on(p, row)} and ${row}.tax_year = ${p}.tax_year`,
      orderBy: [descending('gross_fen')],
    }),
  }),
});

addFields([Cadre, Relative], (t) => ({
  incomes: many(t, Income, {
    ...{ grant, zh: '收入明细', en: 'Income, item by item' },
    source: incomes,
    ...ofPerson,
    orderBy: [descending('tax_year'), descending('gross_fen')],
  }),
  incomesByYear: listField(t, IncomeYear, {
    ...{ grant, zh: '按年度汇总的收入，最近的在前', en: 'Income by year, newest first' },
    plan: {
      kind: 'rows',
      rows: (p, alias, w) => ({
        from: `(select i.person_id, i.tax_year, sum(i.gross_fen) as gross_fen,
            coalesce(sum(i.tax_fen), 0) as tax_fen
          from ${incomes.table} i
          where ${[ofPerson.on(p, 'i'), ...incomes.where('i'), w.registered('i')].join(' and ')}
          group by i.person_id, i.tax_year) ${alias}`,
        where: [],
        orderBy: `${alias}.tax_year desc`,
      }),
    },
  }),
}));
