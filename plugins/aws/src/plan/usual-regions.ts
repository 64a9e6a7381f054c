import { GLOBAL } from '../place.ts'

/** Regions that an account has without enabling any, by the first part of the code of its home region. */
const USUAL: Readonly<Record<string, readonly string[]>> = {
  cn: ['cn-north-1', 'cn-northwest-1'],
  'us-gov': ['us-gov-east-1', 'us-gov-west-1'],
  eusc: ['eusc-de-east-1'],
}

const USUAL_ELSEWHERE = [
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
]

/**
 * What is asked in an account of which nothing could be found out: the chosen regions, else those that every
 * account has.
 */
export function usualRegions(home: string, chosen: readonly string[]): readonly string[] {
  if (chosen.length > 0) return chosen
  const family = Object.keys(USUAL).find((prefix) => home.startsWith(`${prefix}-`))
  return [GLOBAL, ...(USUAL[family ?? ''] ?? USUAL_ELSEWHERE)]
}

/** First part of the ARNs there. */
export function usualPartition(home: string): string {
  if (home.startsWith('cn-')) return 'aws-cn'
  if (home.startsWith('us-gov-')) return 'aws-us-gov'
  return home.startsWith('eusc-') ? 'aws-eusc' : 'aws'
}
