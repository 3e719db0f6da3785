/** Names of people and places of a county that does not exist. */
import type { Sex } from './numbers.ts';
import type { Random } from './random.ts';

const SURNAMES = [
  ...'王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾萧田董潘袁蔡蒋余于杜叶程魏苏吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷',
] as [string, ...string[]];
const MALE = [
  ...'伟强磊军洋勇杰涛超明刚平辉鹏华飞鑫波斌宇浩凯健俊帆旭宁龙林江山峰建国文武志成永康',
] as [string, ...string[]];
const FEMALE = [...'芳娜敏静丽艳娟霞秀玲桂英兰萍红梅燕倩雪莹琳洁慧颖婷雅欣怡佳宁珍莉青云月'] as [
  string,
  ...string[],
];

export const surname = (random: Random): string => random.pick(SURNAMES);

export function fullName(random: Random, sex: Sex, family = surname(random)): string {
  const letters = sex === 'male' ? MALE : FEMALE;
  const first = random.pick(letters);
  return random.chance(0.75) ? `${family}${first}${random.pick(letters)}` : `${family}${first}`;
}

export const TOWNS = [
  '城关镇',
  '临江镇',
  '白沙镇',
  '石桥镇',
  '新河镇',
  '东山镇',
  '柳溪镇',
  '龙泉镇',
  '大石镇',
  '平安乡',
  '青峰乡',
  '双河乡',
] as const;
export const ROADS = [
  '人民路',
  '解放路',
  '建设路',
  '滨江大道',
  '文化路',
  '中山路',
  '和平街',
  '迎宾大道',
  '学府路',
  '朝阳街',
  '工农路',
  '望江路',
] as const;
export const COMPOUNDS = [
  '翠湖花园',
  '锦绣江南',
  '阳光家园',
  '金桂苑',
  '滨江壹号',
  '书香名邸',
  '东方红小区',
  '凤凰城',
  '橡树湾',
  '康乐新村',
  '御景台',
  '兰亭雅苑',
] as const;
export const BRANDS = [
  '比亚迪',
  '吉利',
  '长安',
  '大众',
  '丰田',
  '本田',
  '别克',
  '奇瑞',
  '红旗',
  '哈弗',
] as [string, ...string[]];
