/** Closed lists of the declaration form. */
import { closedList } from '../inputs.ts';

export const grant = 'declaration.read';

export const HoldingKind = closedList('HoldingKind', ['投资与债权债务种类', 'Kind of holding'], {
  stock: ['股票', 'Shares listed'],
  fund: ['基金', 'Fund'],
  insurance: ['投资型保险', 'Investment insurance'],
  business: ['经商办企业', 'Business'],
  foreign: ['境外存款与投资', 'Abroad'],
  'loan-given': ['借出', 'Loan given'],
  'loan-taken': ['借入', 'Loan taken'],
  'gift-received': ['受赠', 'Gift received'],
  inheritance: ['继承', 'Inheritance'],
});

export const Disposal = closedList('Disposal', ['房产处置方式', 'How a property was given up'], {
  sale: ['出售', 'Sale'],
  gift: ['赠与', 'Gift'],
  other: ['其他', 'Other'],
});
