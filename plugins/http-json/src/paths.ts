import { InvalidInput, isSecretName } from '@gleaner/sdk'
import { JSONPathEnvironment, type JSONPathQuery } from 'json-p3'
import type { Options } from './options.ts'

export type Paths = {
  readonly url: URL
  readonly items: JSONPathQuery
  readonly cursor: JSONPathQuery
  readonly id: JSONPathQuery
  readonly name: JSONPathQuery
  readonly type: JSONPathQuery | undefined
  readonly region: JSONPathQuery | undefined
  readonly omit: readonly JSONPathQuery[]
}

/** RFC 9535 as it is written, so that a path means here what it means elsewhere. */
const JSON_PATH = new JSONPathEnvironment({ strict: true })

/** Compiles every path and the address, and refuses all that are wrong together. */
export function compilePaths(options: Options): Paths {
  const problems: string[] = []
  const compile = (name: string, path: string): JSONPathQuery => {
    try {
      return JSON_PATH.compile(path)
    } catch (error) {
      problems.push(`options.${name} is no JSONPath: ${error instanceof Error ? error.message : ''}`)
      return JSON_PATH.compile('$')
    }
  }
  const compileGiven = (name: string, path: string | undefined) =>
    path === undefined ? undefined : compile(name, path)
  const url = URL.parse(options.url)
  if (url === null || !/^https?:$/.test(url.protocol))
    problems.push('options.url must be an address that begins with https:// or http://')
  else if (url.username !== '' || url.password !== '')
    problems.push('options.url must not hold a password; it belongs into the secret')
  for (const name of url?.searchParams.keys() ?? [])
    if (isSecretName(name) || name === options.key_param)
      problems.push(
        `options.url must not hold the parameter '${name}': name it by options.key_param, and put its value into secret_data.key`,
      )
  const paths = {
    items: compile('items', options.items),
    cursor: compile('cursor', options.cursor),
    id: compile('id', options.id),
    name: compile('name', options.name),
    type: compileGiven('type', options.type),
    region: compileGiven('region', options.region),
    omit: options.omit.map((path, index) => compile(`omit[${index}]`, path)),
  }
  if (problems.length > 0 || url === null) throw new InvalidInput(problems)
  return { url, ...paths }
}
