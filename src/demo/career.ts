/**
 * Posts and audits of base life: no duty is held for more than 8.6 years, and every subject of
 * economic-responsibility audit was audited or appointed less than 4.4 years ago.
 */
import { addDays, addMonths, dateOf, yearOf } from './calendar.ts';
import type { Audit, Official, Person, Post } from './model.ts';
import type { Random } from './random.ts';
import type { Unit } from './units.ts';

type Place = { person: Person; unit: Unit; index: number; until: string };
type Career = Pick<
  Official,
  'level' | 'authority' | 'employment' | 'workStartedOn' | 'posts' | 'audits'
>;

const TITLES: Record<string, [string, ...string[]]> = {
  '131': ['局长'],
  '132': ['副县级负责人'],
  '141': ['主任', '党组成员', '站长'],
  '142': ['副主任', '副站长'],
  '150': ['科长', '股长', '四级主任科员'],
};

const rank = (random: Random, offset: number, unit: Unit): string => {
  if (offset === 0) return unit.ordinal % 4 === 3 ? '141' : unit.ordinal % 4 === 0 ? '131' : '132';
  if (offset < 4) return '141';
  return offset < 9 ? '142' : random.chance(0.5) ? '150' : '142';
};

export function careerOf(random: Random, place: Place): Career {
  const { person, unit, until } = place;
  const offset = place.index - unit.from;
  const level = rank(random, offset, unit);
  const workStartedOn = dateOf(yearOf(person.bornOn) + random.int(21, 24), 7, 1);
  const months = Math.min(random.int(6, 103), monthsSince(workStartedOn, until));
  const startedOn = addMonths(until, -months);
  const isRetired = offset > 9 && person.bornOn < '1968-06-30' && random.chance(0.8);
  const now: Post = {
    unit,
    title: random.pick(TITLES[level] ?? ['科员']),
    dutyCode: `Z${unit.ordinal}-${offset}`,
    level,
    isLeadingMember: offset === 0 && (unit.kind === '政府' || unit.kind === '党委'),
    isAuditSubject: offset === 0,
    riskGrade: unit.isKeyUnit ? '高' : random.pick(['中', '低']),
    startedOn,
    ...(isRetired ? { endedOn: dateOf(2026, random.int(1, 5), random.int(2, 27)) } : {}),
  };
  return {
    level,
    authority: level.startsWith('13') ? '市管' : '县管',
    employment: isRetired ? '退休' : '在职',
    workStartedOn,
    posts: [...earlierPosts(random, now, workStartedOn, place), now],
    audits: offset === 0 ? [...auditsOf(random, now, place)] : [],
  };
}

const monthsSince = (from: string, until: string): number =>
  (yearOf(until) - yearOf(from)) * 12 + Number(until.slice(5, 7)) - Number(from.slice(5, 7));

/** Up to three posts before the present one, each under a duty code of its own. */
function earlierPosts(random: Random, now: Post, workStartedOn: string, place: Place): Post[] {
  const posts: Post[] = [];
  let endedOn = now.startedOn;
  for (let n = 1; n <= 3; n += 1) {
    const startedOn = addMonths(endedOn, -random.int(24, 84));
    if (startedOn < workStartedOn) break;
    posts.unshift({
      unit: place.unit,
      title: random.pick(['科员', '副股长', '股长', '办公室副主任']),
      dutyCode: `Q${place.unit.ordinal}-${place.index - place.unit.from}-${n}`,
      level: '150',
      isLeadingMember: false,
      isAuditSubject: false,
      riskGrade: '低',
      startedOn,
      endedOn,
    });
    endedOn = startedOn;
  }
  return posts;
}

function* auditsOf(random: Random, post: Post, place: Place): Generator<Audit> {
  const longInOffice = post.startedOn < addMonths(place.until, -50);
  if (!longInOffice && !random.chance(0.3)) return;
  const periodTo = longInOffice
    ? addMonths(place.until, -random.int(6, 44))
    : addMonths(post.startedOn, -1);
  if (!longInOffice && post.startedOn < addMonths(place.until, -44)) return;
  const reportedOn = addDays(periodTo, random.int(60, 110));
  yield makeAudit(random, {
    unit: post.unit,
    reportNo: `临审责〔${reportedOn.slice(0, 4)}〕${place.index}号`,
    periodFrom: addMonths(periodTo, -36),
    periodTo,
    kind: longInOffice ? '任中' : '离任',
    reportedOn,
  });
}

const CATEGORIES = ['财务管理', '工程建设', '资产管理', '政府采购'] as [string, ...string[]];

/** A report with up to three findings; without findings the report is clean. */
function makeAudit(random: Random, report: Omit<Audit, 'findings'>): Audit {
  const findings = Array.from({ length: random.int(0, 3) }, (_, n) => {
    const category = random.pick(CATEGORIES);
    return {
      no: String(n + 1),
      category,
      text: `${category}不规范，手续不完备`,
      amount: random.int(1, 300) * 1000,
      dueOn: addDays(report.reportedOn, 60),
    };
  });
  return { ...report, findings };
}
