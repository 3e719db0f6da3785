import { expect, test } from 'vitest';
import { keyForm } from '../../connectors/kit/key-form.ts';
import * as boolean from '../../connectors/kit/values/boolean.ts';
import type { Cleaned } from '../../connectors/kit/values/cleaned.ts';
import { codeReader } from '../../connectors/kit/values/code.ts';
import * as date from '../../connectors/kit/values/date.ts';
import * as decimal from '../../connectors/kit/values/decimal.ts';
import * as integer from '../../connectors/kit/values/integer.ts';
import * as list from '../../connectors/kit/values/list.ts';
import * as money from '../../connectors/kit/values/money.ts';
import * as month from '../../connectors/kit/values/month.ts';
import * as name from '../../connectors/kit/values/name.ts';
import * as plate from '../../connectors/kit/values/plate.ts';
import * as realEstateUnit from '../../connectors/kit/values/real-estate-unit.ts';
import * as residentId from '../../connectors/kit/values/resident-id.ts';
import * as text from '../../connectors/kit/values/text.ts';
import * as timestamp from '../../connectors/kit/values/timestamp.ts';
import * as travelDocument from '../../connectors/kit/values/travel-document.ts';
import * as uscc from '../../connectors/kit/values/uscc.ts';
import * as vin from '../../connectors/kit/values/vin.ts';
import * as year from '../../connectors/kit/values/year.ts';

type Clean = (raw: string) => Cleaned;
const read = (clean: Clean, raw: string) => {
  const result = clean(raw);
  return 'value' in result ? result.value : { reason: result.reason };
};
const no = (reason: string) => ({ reason });

/** One line per promise: reader, delivered cell, what it becomes. */
const vectors: [string, Clean, string, unknown][] = [
  ['resident-id', residentId.clean, '11010519491231002X', '11010519491231002X'],
  ['resident-id', residentId.clean, ' 11010519491231002x\t', '11010519491231002X'],
  ['resident-id', residentId.clean, '１１０１０５１９４９１２３１００２Ｘ', '11010519491231002X'],
  ['resident-id', residentId.clean, "'110105194912310 02X", '11010519491231002X'],
  ['resident-id', residentId.clean, '110105491231002', '11010519491231002X'],
  ['resident-id', residentId.clean, '110105194912310021', no('value.bad-check-digit')],
  ['resident-id', residentId.clean, '110105194902300025', no('value.malformed')],
  ['resident-id', residentId.clean, '110105491331002', no('value.malformed')],
  ['resident-id', residentId.clean, '1.10105E+17', no('value.malformed')],
  ['uscc', uscc.clean, '91350100m000100y43', '91350100M000100Y43'],
  ['uscc', uscc.clean, '91350100M000100Y44', '91350100M000100Y44'],
  ['uscc', uscc.clean, '91350100M000100I43', no('value.malformed')],
  ['vin', vin.clean, '1m8gdm9axkp042788', '1M8GDM9AXKP042788'],
  ['vin', vin.clean, '1M8GDM9A1KP042788', '1M8GDM9A1KP042788'],
  ['vin', vin.clean, '1M8GDM9AXKP04278O', no('value.malformed')],
  ['plate', plate.clean, '浙B12345', '浙B12345'],
  ['plate', plate.clean, '浙B·12345', '浙B12345'],
  ['plate', plate.clean, '浙bd12345', '浙BD12345'],
  ['plate', plate.clean, '浙B12345D', '浙B12345D'],
  ['plate', plate.clean, '浙B1234挂', '浙B1234挂'],
  ['plate', plate.clean, '浙BI2345', no('value.malformed')],
  [
    'real-estate-unit',
    realEstateUnit.clean,
    '999901 001002 gb00001 F00010001',
    '999901001002GB00001F00010001',
  ],
  ['real-estate-unit', realEstateUnit.clean, '999901001002GB00001F0001', no('value.malformed')],
  ['travel-document', travelDocument.clean, 'e1234 5678', 'E12345678'],
  ['travel-document', travelDocument.clean, 'EA1234567', 'EA1234567'],
  ['travel-document', travelDocument.clean, 'Ｃ１２３４５６７８', 'C12345678'],
  ['travel-document', travelDocument.clean, '无', no('value.malformed')],
  ['date', date.clean, '2024-01-31', '2024-01-31'],
  ['date', date.clean, '2024/1/31', '2024-01-31'],
  ['date', date.clean, '20240131', '2024-01-31'],
  ['date', date.clean, '2024年1月31日', '2024-01-31'],
  ['date', date.clean, '２０２４．１．３１', '2024-01-31'],
  ['date', date.clean, '45322', '2024-01-31'],
  ['date', date.clean, '2024-02-29', '2024-02-29'],
  ['date', date.clean, '2023-02-29', no('value.not-a-date')],
  ['date', date.clean, '2023-02-30', no('value.not-a-date')],
  ['date', date.clean, '2024-00-10', no('value.not-a-date')],
  ['date', date.clean, '0000-00-00', no('value.not-a-date')],
  ['date', date.clean, '9999-12-31', no('value.not-a-date')],
  ['date', date.clean, '31/01/2024', no('value.not-a-date')],
  ['date', date.clean, '长期', no('value.not-a-date')],
  ['date', date.clean, '2024-01-31 23:10:00', '2024-01-31'],
  ['date', date.clean, '2024-01-31T23:10:00Z', '2024-02-01'],
  ['month', month.clean, '1990.01', '1990-01-01'],
  ['month', month.clean, '199001', '1990-01-01'],
  ['month', month.clean, '1990年1月', '1990-01-01'],
  ['month', month.clean, '1990-07-15', '1990-07-01'],
  ['month', month.clean, '1990-13', no('value.not-a-date')],
  ['timestamp', timestamp.clean, '2024-01-31 08:05:09', '2024-01-31T08:05:09+08:00'],
  ['timestamp', timestamp.clean, '2024/1/31 8:05', '2024-01-31T08:05:00+08:00'],
  ['timestamp', timestamp.clean, '20240131080509', '2024-01-31T08:05:09+08:00'],
  ['timestamp', timestamp.clean, '2024年1月31日8时05分09秒', '2024-01-31T08:05:09+08:00'],
  ['timestamp', timestamp.clean, '2024-01-31T00:05:09.123Z', '2024-01-31T08:05:09+08:00'],
  ['timestamp', timestamp.clean, '2024-01-31', no('value.not-a-date')],
  ['timestamp', timestamp.clean, '2024-01-31 25:00:00', no('value.not-a-date')],
  ['year', year.clean, '2024', 2024],
  ['year', year.clean, '２０２４年度', 2024],
  ['year', year.clean, '0000', no('value.not-a-date')],
  ['year', year.clean, '9999', no('value.not-a-date')],
  ['money-yuan', money.cleanYuan, '1,234.56', '123456'],
  ['money-yuan', money.cleanYuan, '￥１，２３４．５元', '123450'],
  ['money-yuan', money.cleanYuan, '-0.05', '-5'],
  ['money-yuan', money.cleanYuan, '-0.00', '0'],
  ['money-yuan', money.cleanYuan, '9007199254740993.01', no('value.not-a-number')],
  ['money-yuan', money.cleanYuan, '900719925474099.31', '90071992547409931'],
  ['money-yuan', money.cleanYuan, '0.001', no('value.malformed')],
  ['money-yuan', money.cleanYuan, '1.5万元', no('value.not-a-number')],
  ['money-yuan', money.cleanYuan, '1,23,4', no('value.not-a-number')],
  ['money-yuan', money.cleanYuan, '1e5', no('value.not-a-number')],
  ['money-wan-yuan', money.cleanWanYuan, '1.12', '1120000'],
  ['money-wan-yuan', money.cleanWanYuan, '0.000001', '1'],
  ['money-wan-yuan', money.cleanWanYuan, '0.0000001', no('value.malformed')],
  ['money-wan-yuan', money.cleanWanYuan, '285.6万元', '285600000'],
  ['money-wan-yuan', money.cleanWanYuan, '300元', no('value.not-a-number')],
  ['decimal', decimal.clean, '0089.50', '89.5'],
  ['decimal', decimal.clean, '−3', '-3'],
  ['decimal', decimal.clean, '12.0', '12'],
  ['decimal', decimal.clean, '约90', no('value.not-a-number')],
  ['integer', integer.clean, '1,200', 1200],
  ['integer', integer.clean, '12.5', no('value.not-a-number')],
  ['integer', integer.clean, '2147483648', no('value.not-a-number')],
  ['boolean', boolean.clean, '是', true],
  ['boolean', boolean.clean, 'ｎ', false],
  ['boolean', boolean.clean, '无', false],
  ['boolean', boolean.clean, '不详', no('value.unknown-code')],
  ['name', name.clean, ' 欧阳㛃·买买提　', '欧阳㛃·买买提'],
  ['name', name.clean, '　', no('value.malformed')],
  ['list', list.clean, '房产、 股票；\n基金,', ['房产', '股票', '基金']],
  ['text', text.clean, '  临江县 一街 ', '临江县 一街'],
];

for (const [type, clean, cell, becomes] of vectors) {
  test(`C8 C10 C11 ${type}: ${JSON.stringify(cell)} is read as ${JSON.stringify(becomes)}`, () => {
    expect(read(clean, cell)).toEqual(becomes);
  });
}

test('what is read once reads the same again', () => {
  for (const [type, clean, cell] of vectors) {
    const once = read(clean, cell);
    // Amounts change their unit when read, so there is no second reading.
    if (type.startsWith('money') || typeof once === 'object') continue;
    expect([type, read(clean, String(once))]).toEqual([type, once]);
  }
});

test('check digits are made as the standards compute them', () => {
  expect(residentId.residentIdWithCheckDigit('11010519491231002')).toBe('11010519491231002X');
  expect(residentId.residentIdTo15('11010519491231002X')).toBe('110105491231002');
  expect(residentId.validResidentId('11010519491231002X')).toBe(true);
  expect(residentId.validResidentId('11010519491231002x')).toBe(false);
  expect(residentId.bornOn('11010519491231002X')).toBe('1949-12-31');
  expect(uscc.usccWithCheckDigit('91350100M000100Y4')).toBe('91350100M000100Y43');
  expect(uscc.validUscc('91350100M000100Y44')).toBe(false);
  expect(vin.validVin('11111111111111111')).toBe(true);
  expect(vin.validVin('1M8GDM9A1KP042788')).toBe(false);
  expect(vin.vinWithCheckDigit('1M8GDM9A0KP042788')).toBe('1M8GDM9AXKP042788');
});

test('B10 a category that is not on the list never falls into a default', () => {
  const clean = codeReader({ 购买: 'purchase', '（其他）': 'other' });
  expect(read(clean, '购 买')).toBe('purchase');
  expect(read(clean, '(其他)')).toBe('other');
  for (const word of ['', '受赠', 'purchase', '__proto__', 'constructor', 'toString']) {
    expect(read(clean, word)).toEqual(no('value.unknown-code'));
  }
});

test('two spellings of one name are equal when folded', () => {
  expect(name.foldName('买买提·吐尔逊')).toBe(name.foldName('买买提 • 吐尔逊'));
  expect(name.foldName('王　伟')).toBe(name.foldName('王伟'));
  expect(name.foldName('王伟')).not.toBe(name.foldName('王玮'));
});

test('a key part is folded to one form, once and for all', () => {
  for (const [cell, form] of [
    ['11010519491231002x', '11010519491231002X'],
    ['110105491231002', '11010519491231002X'],
    ['ａｂ 12', 'AB12'],
    [null, ''],
    [2024, '2024'],
    [true, 'TRUE'],
    ['ﬁß', 'FISS'],
  ] as const) {
    expect(keyForm(cell)).toBe(form);
    expect(keyForm(keyForm(cell))).toBe(form);
  }
});

/** Text an adversary would send against a backtracking pattern. */
const hostile = ['1', '0', ',', '1,', 'A', ' ', '　', '-', '.', '年', '１', 'X', '0.', '·', '张'];

test('H11 no pattern needs more than linear time', () => {
  const elapsed = (clean: Clean, piece: string, length: number) => {
    const cell = `${piece.repeat(length / piece.length)}!`;
    const start = process.hrtime.bigint();
    clean(cell);
    return Number(process.hrtime.bigint() - start) / 1e6;
  };
  const readers = new Set([...vectors.map(([, clean]) => clean), codeReader({ a: 'b' })]);
  for (const clean of readers) {
    for (const piece of hostile) {
      // Quadratic work on a million characters takes minutes; linear work takes milliseconds.
      expect(elapsed(clean, piece, 1_000_000)).toBeLessThan(5_000);
    }
  }
});
