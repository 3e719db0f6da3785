/** Feeds and how fresh they are; their runs, batches and rejected rows, for operators. */
import { colleague } from '../access/colleague.type.ts';
import { builder } from '../builder.ts';
import {
  column,
  counted,
  descending,
  expression,
  few,
  many,
  type RowRef,
  texts,
} from '../fields.ts';
import { equals, filterInput, isOneOf, sortKeys } from '../inputs.ts';
import { Cadre } from '../person/person.type.ts';
import { addFields, pages, rootRows, rowType } from '../row-types.ts';
import { sourceOf } from '../sources.ts';
import { deliveredRowField } from './delivered-row.type.ts';
import { batch, feed, quarantine, syncRun } from './feed.table.ts';
import { BatchState, QuarantineState, RunState } from './feed-lists.ts';

const grant = 'feed.operate';
export const feeds = sourceOf(feed, [feed.feedId]);
const runs = sourceOf(syncRun, [syncRun.syncRunId]);
const batches = sourceOf(batch, [batch.batchId]);
const rejected = sourceOf(quarantine, [quarantine.batchId, quarantine.ordinal]);

const ofFeed = (p: string, t: string) => `${t}.feed_id = ${p}.feed_id`;

export const SyncRun: RowRef = rowType('SyncRun', {
  ...{ zh: '一次同步', en: 'One attempt to pull a feed' },
  source: runs,
  grant,
  fields: (t) => ({
    feedId: column(t, syncRun.feedId, { grant, zh: '数据源', en: 'Feed' }),
    state: column(t, syncRun.state, { grant, zh: '状态', en: 'State', type: RunState }),
    step: column(t, syncRun.step, { grant, zh: '当前步骤', en: 'Step' }),
    progress: column(t, syncRun.progress, { grant, zh: '进度（%）', en: 'Progress in %' }),
    requestedBy: colleague(t, (row) => `${row}.requested_by`, {
      ...{
        grant,
        zh: '发起人；非账号时无姓名',
        en: 'Requested by; without a name where no account',
      },
    }),
    startedAt: column(t, syncRun.startedAt, { grant, zh: '开始', en: 'Started at' }),
    endedAt: column(t, syncRun.endedAt, { grant, zh: '结束', en: 'Ended at' }),
    batches: column(t, syncRun.batches, { grant, zh: '批次数', en: 'Batches' }),
    rowsLanded: column(t, syncRun.rowsLanded, { grant, zh: '落地行数', en: 'Rows landed' }),
    rowsQuarantined: column(t, syncRun.rowsQuarantined, {
      grant,
      zh: '隔离行数',
      en: 'Quarantined',
    }),
    filesPassedOver: column(t, syncRun.filesPassedOver, {
      grant,
      zh: '文件夹中未取的文件数，名称见 drift',
      en: 'Files in the folder that were not taken; their names are in drift',
    }),
    errorCode: column(t, syncRun.errorCode, { grant, zh: '错误代码', en: 'Error code' }),
    errorZh: column(t, syncRun.errorZh, { grant, zh: '错误', en: 'Error in Chinese' }),
    errorEn: column(t, syncRun.errorEn, { grant, zh: '错误（英文）', en: 'Error in English' }),
    drift: texts(t, syncRun.drift, {
      grant,
      zh: '与约定不同之处：列的变动、未取的文件、拒收的交付、表尾合计行',
      en: 'What differed: columns that came or went, files passed over, deliveries refused, totals below the rows',
    }),
  }),
});

export const Batch: RowRef = rowType('Batch', {
  ...{ zh: '一个批次', en: 'One accepted delivery' },
  grant,
  fields: (t) => ({
    batchId: expression(t, {
      ...{ grant, zh: '批次号', en: 'Number', type: 'Int' },
      sql: (row) => `${row}.batch_id`,
    }),
    asOf: column(t, batch.asOf, { grant, zh: '数据日期', en: 'Date of the data' }),
    mode: column(t, batch.mode, { grant, zh: '全量或增量', en: 'full or delta' }),
    payloadName: column(t, batch.payloadName, { grant, zh: '文件', en: 'File' }),
    state: column(t, batch.state, { grant, zh: '状态', en: 'State', type: BatchState }),
    rowsLanded: column(t, batch.rowsLanded, { grant, zh: '落地行数', en: 'Rows landed' }),
    rowsRecorded: column(t, batch.rowsRecorded, { grant, zh: '记录行数', en: 'Recorded' }),
    rowsQuarantined: column(t, batch.rowsQuarantined, { grant, zh: '隔离行数', en: 'Quarantined' }),
    rowsSuperseded: column(t, batch.rowsSuperseded, { grant, zh: '被后行取代', en: 'Superseded' }),
    receivedAt: column(t, batch.receivedAt, { grant, zh: '接收时间', en: 'Received at' }),
    linkedAt: column(t, batch.linkedAt, { grant, zh: '入图时间', en: 'Linked at' }),
  }),
});

export const QuarantinedRow: RowRef = rowType('Quarantine', {
  ...{ zh: '被隔离的一行', en: 'A row that became no record' },
  source: rejected,
  grant: 'quarantine.read',
  fields: (t) => {
    const said = { grant: 'quarantine.read' } as const;
    return {
      feedId: column(t, quarantine.feedId, { ...said, zh: '数据源', en: 'Feed' }),
      reason: column(t, quarantine.reason, { ...said, zh: '原因代码', en: 'Reason' }),
      column: column(t, quarantine.column, { ...said, zh: '列', en: 'Column' }),
      messageZh: column(t, quarantine.messageZh, { ...said, zh: '说明', en: 'Message in Chinese' }),
      messageEn: column(t, quarantine.messageEn, { ...said, zh: '说明（英文）', en: 'In English' }),
      state: column(t, quarantine.state, {
        ...said,
        zh: '状态',
        en: 'State',
        type: QuarantineState,
      }),
      createdAt: column(t, quarantine.createdAt, { ...said, zh: '时间', en: 'When' }),
      delivered: deliveredRowField(t, 'quarantine.read'),
    };
  },
});

export const Feed: RowRef = rowType('Feed', {
  ...{ zh: '数据源', en: 'A feed of one department' },
  source: feeds,
  grant: 'source.read',
  fields: (t) => {
    const said = { grant: 'source.read' } as const;
    return {
      code: column(t, feed.feedId, { ...said, zh: '代码', en: 'Code' }),
      titleZh: column(t, feed.titleZh, { ...said, zh: '名称', en: 'Title in Chinese' }),
      titleEn: column(t, feed.titleEn, { ...said, zh: '名称（英文）', en: 'Title in English' }),
      publisherZh: column(t, feed.publisherZh, { ...said, zh: '提供单位', en: 'Publisher' }),
      publisherEn: column(t, feed.publisherEn, {
        ...said,
        zh: '提供单位（英文）',
        en: 'In English',
      }),
      legalBasis: column(t, feed.legalBasis, { ...said, zh: '法律依据', en: 'Legal basis' }),
      purpose: column(t, feed.purpose, { ...said, zh: '使用目的', en: 'Purpose' }),
      staleAfterDays: column(t, feed.staleAfterDays, {
        ...said,
        zh: '几天后过时',
        en: 'Stale after',
      }),
      dataAsOf: column(t, feed.dataAsOf, { ...said, zh: '数据截至', en: 'Newest data date' }),
      isStale: expression(t, {
        ...{ ...said, zh: '已过时或尚无数据', en: 'Stale, or without data', type: 'Boolean' },
        sql: (row, w) => `coalesce(${row}.data_as_of + ${row}.stale_after_days < ${w.today}, true)`,
      }),
      lastSyncedAt: column(t, feed.lastSyncedAt, { ...said, zh: '最近同步', en: 'Last synced' }),
      isEnabled: column(t, feed.isEnabled, { ...said, zh: '启用', en: 'Enabled' }),
      agreementNo: column(t, feed.agreementNo, { grant, zh: '协议编号', en: 'Agreement' }),
      schedule: column(t, feed.schedule, { grant, zh: '计划（cron）', en: 'Schedule (cron)' }),
      runs: many(t, SyncRun, {
        ...{
          grant,
          zh: '最近的同步',
          en: 'Runs, newest first',
          source: runs,
          on: ofFeed,
          first: 10,
        },
        orderBy: [descending('started_at')],
      }),
      batches: many(t, Batch, {
        ...{ grant, zh: '最近的批次', en: 'Batches, newest first', source: batches, first: 10 },
        on: ofFeed,
        orderBy: [descending('as_of'), descending('sequence')],
      }),
      quarantineCount: counted(t, {
        ...{ grant: 'quarantine.read', zh: '待处理隔离行数', en: 'Rejected rows open' },
        source: rejected,
        on: (p, q) => `${ofFeed(p, q)} and ${q}.state = 'open'`,
      }),
    };
  },
});

addFields([Cadre], (t) => ({
  sources: few(t, Feed, {
    ...{ grant: 'source.read', zh: '数据来源及其时效', en: 'Sources and how fresh they are' },
    source: feeds,
    on: () => 'true',
  }),
}));

const RunFilter = filterInput('SyncRunFilter', ['同步筛选', 'Filter of runs'], {
  feedId: { grant, zh: '数据源', en: 'Feed', type: 'String', where: equals('feed_id') },
  state: { grant, zh: '状态', en: 'State', type: RunState, isList: true, where: isOneOf('state') },
});
const RunOrder = sortKeys('SyncRunOrder', ['同步排序', 'Order of runs'], {
  NEWEST: { grant, zh: '新者在前', en: 'Newest first', order: [descending('started_at')] },
});
const QuarantineFilter = filterInput('QuarantineFilter', ['隔离筛选', 'Filter of rejected rows'], {
  feedId: {
    ...{ grant: 'quarantine.read', zh: '数据源', en: 'Feed', type: 'String' },
    where: equals('feed_id'),
  },
  state: {
    ...{ grant: 'quarantine.read', zh: '状态', en: 'State', type: QuarantineState, isList: true },
    where: isOneOf('state'),
  },
  reason: {
    ...{ grant: 'quarantine.read', zh: '原因代码', en: 'Reason', type: 'String' },
    where: equals('reason'),
  },
});
const QuarantineOrder = sortKeys('QuarantineOrder', ['隔离排序', 'Order of rejected rows'], {
  NEWEST: {
    ...{ grant: 'quarantine.read', zh: '新者在前', en: 'Newest first' },
    order: [descending('created_at')],
  },
});

builder.queryFields((t) => ({
  feeds: rootRows(t, {
    ...{ grant: 'source.read', zh: '数据源', en: 'Feeds', type: Feed },
    rows: (f) => ({ from: `${feeds.table} ${f}`, where: [], orderBy: `${f}.feed_id` }),
  }),
  syncRuns: pages(t, {
    ...{ grant, zh: '同步记录', en: 'Runs of feeds', type: SyncRun, source: runs },
    filter: RunFilter,
    orderBy: { keys: RunOrder, byDefault: 'NEWEST' },
  }),
  quarantine: pages(t, {
    ...{ grant: 'quarantine.read', zh: '隔离区', en: 'Rejected rows', type: QuarantinedRow },
    source: rejected,
    filter: QuarantineFilter,
    orderBy: { keys: QuarantineOrder, byDefault: 'NEWEST' },
  }),
}));
