/** Where a resource lies. */
export type Place = {
  readonly account: string
  /** `aws`, `aws-cn`, `aws-us-gov` …: first part of every ARN. */
  readonly partition: string
  /** A region's code, or `global`. */
  readonly region: string
}

/** The region of what lies in none, as the public AWS plugins call it. */
export const GLOBAL = 'global'

/**
 * `arn:aws:ec2:eu-central-1:123456789012:instance/i-0`. Undefined without an id: such a thing cannot be known
 * again.
 */
export function arn(
  { account, partition, region }: Place,
  service: string,
  prefix: string,
  id: string | undefined,
): string | undefined {
  if (id === undefined || id === '') return undefined
  const where = region === GLOBAL ? '' : region
  return `arn:${partition}:${service}:${where}:${account}:${prefix}${id}`
}

const CONSOLES: Readonly<Record<string, string>> = {
  'aws-cn': 'console.amazonaws.cn',
  'aws-eusc': 'console.amazonaws-eusc.eu',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
}

/** A page of the console, such as `ec2/home` with a fragment. */
export function consoleLink({ partition, region }: Place, page: string, fragment = ''): string {
  const host = CONSOLES[partition] ?? 'console.aws.amazon.com'
  const at = region === GLOBAL ? '' : `${region}.`
  const query = region === GLOBAL ? '' : `${page.includes('?') ? '&' : '?'}region=${region}`
  return `https://${at}${host}/${page}${query}${fragment === '' ? '' : `#${fragment}`}`
}
