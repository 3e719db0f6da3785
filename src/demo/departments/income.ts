/**
 * 个人收入: CSV in GB18030. A year is first delivered as withheld in January, and again as settled in
 * the following summer.
 */
import type { Department } from '../outlets/department.ts';
import { csvFiles } from '../outlets/file-outlets.ts';
import { encodeGb18030 } from '../outlets/gb18030.ts';

/** First date on which a year is delivered, and the date from which it counts as settled. */
const withheldOn = (year: number): string => `${year + 1}-01-31`;
const settledOn = (year: number): string => `${year + 1}-06-30`;

const income: Department = {
  feed: 'income',
  way: csvFiles(encodeGb18030, { charset: 'gb18030' }),
  dates: ['2025-06-30', '2025-07-31', '2026-01-31', '2026-06-30'],
  sheets: [
    {
      name: 'income',
      columns: [
        ['纳税人识别号', 'id', 'required'],
        ['纳税人姓名', 'name', 'required'],
        ['所得年度', 'number', 'required'],
        ['所得项目', 'code', 'required'],
        ['扣缴义务人', 'text', 'required'],
        ['扣缴义务人识别号', 'text', 'required'],
        ['收入额', 'money', 'required'],
        ['减除费用', 'money'],
        ['已缴税额', 'money'],
        ['是否汇算', 'code', 'required'],
        ['申报日期', 'date'],
        ['税务机关', 'text'],
      ],
    },
  ],
  sentAgain: [['income_2025-07-31.csv', 'income_2026-01-31_2.csv']],
  rows: (family, asOf) =>
    family.incomes
      .filter(({ year }) => withheldOn(year) <= asOf)
      .map((it) => {
        // The first load was cut before the settlement of 2024 was entered.
        const isSettled =
          settledOn(it.year) < asOf || (it.year === 2025 && settledOn(2025) === asOf);
        const cells = [
          it.person.idNumber,
          it.person.name,
          String(it.year),
          it.item,
          it.payerName,
          it.payerCode,
          it.gross.toFixed(2),
          it.item === '工资薪金' ? '60000.00' : '',
          it.tax.toFixed(2),
          isSettled ? '是' : '否',
          isSettled ? settledOn(it.year) : withheldOn(it.year),
          '临江县税务局第一分局',
        ];
        return { sheet: 0, cells };
      }),
};

export default income;
