import { InvalidInput } from '@gleaner/sdk'
import { parse } from 'yaml'
import { type ClusterAccess, isAddress, pairProblems } from './access.ts'

type Fields = Readonly<Record<string, unknown>>

/**
 * Reads the cluster and user of one context. What a kubeconfig only points to is refused: files are those of
 * whoever wrote it and not of the worker, and a program that prints a token would run here on somebody's
 * word.
 */
export function readKubeconfig(text: string, context?: string): ClusterAccess {
  const config = parseYaml(text)
  const name = context ?? textOf(config, 'current-context')
  if (name === undefined) throw refuse('names no current-context; name one by secret_data.context')
  const chosen = entryOf(config, 'contexts', 'context', name)
  const cluster = entryOf(config, 'clusters', 'cluster', textOf(chosen, 'cluster') ?? '')
  const user = entryOf(config, 'users', 'user', textOf(chosen, 'user') ?? '')
  const server = textOf(cluster, 'server') ?? ''
  const [cert, key] = [pemOf(user, 'client-certificate-data'), pemOf(user, 'client-key-data')]
  const problems = [
    ...(isAddress(server) ? [] : ['clusters.server must be an address that begins with https://']),
    ...OUTSIDE.flatMap(([section, field, advice]) =>
      (section === 'clusters' ? cluster : user)[field] === undefined ? [] : [`${section}.${field} ${advice}`],
    ),
    ...pairProblems(cert, key, 'users.client-certificate-data and users.client-key-data'),
  ]
  if (problems.length > 0) throw new InvalidInput(problems.map((each) => `secret_data.kubeconfig: ${each}`))
  return {
    server: new URL(server),
    token: textOf(user, 'token'),
    connection: {
      ca: pemOf(cluster, 'certificate-authority-data'),
      cert,
      key,
      serverName: textOf(cluster, 'tls-server-name'),
      isUnverified: cluster['insecure-skip-tls-verify'] === true,
    },
  }
}

const OF_FILE = 'names a file, which is not here; put its content into the field of this name with -data'
const OUTSIDE = [
  ['clusters', 'certificate-authority', OF_FILE],
  ['clusters', 'proxy-url', 'is not used'],
  ['users', 'client-certificate', OF_FILE],
  ['users', 'client-key', OF_FILE],
  ['users', 'tokenFile', 'names a file, which is not here; put what it holds into token'],
  ['users', 'exec', 'runs a program, which is not done here; give a token of a service account'],
  ['users', 'auth-provider', 'is not supported; give a token of a service account'],
  ['users', 'username', 'is no longer served by any cluster; give a token of a service account'],
] as const

function entryOf(config: Fields, section: string, field: string, name: string): Fields {
  const entries = Array.isArray(config[section]) ? config[section].map(fieldsOf) : []
  const found = entries.find((entry) => entry.name === name)
  if (found === undefined) throw refuse(`has no '${name}' among its ${section}`)
  return fieldsOf(found[field])
}

function parseYaml(text: string): Fields {
  try {
    return fieldsOf(parse(text, { maxAliasCount: 0 }))
  } catch {
    // The parser quotes the text, and with it what is secret.
    throw refuse('is no YAML')
  }
}

function pemOf(fields: Fields, name: string): string | undefined {
  const encoded = textOf(fields, name)
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8')
}

function textOf(fields: Fields, name: string): string | undefined {
  const value = fields[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? asFields(value) : {}
}

/** Claims nothing: any object has fields of unknown value. */
function asFields(value: object): Fields {
  return value as Fields
}

function refuse(why: string): InvalidInput {
  return new InvalidInput([`secret_data.kubeconfig ${why}`])
}
