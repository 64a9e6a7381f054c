import type { CloudServiceFields, Relation } from '@gleaner/sdk'

/** A row of any of the queries: all have a name. */
export type Row = { readonly name: string; readonly [column: string]: unknown }

/**
 * Settings that may hold a password: connections to other servers, commands, and what extensions call a
 * secret.
 */
const SECRET_SETTING = /conninfo|passw|passphrase|secret|token|credential|api_?key|_command$/i

/**
 * A database is a region of its cluster, so that what cannot be read in one says nothing about the others.
 */
export function regionOf(account: string, database: string): string {
  return `${account}/${database}`
}

/** Ids are names, as people and programs know these things by them; within a database, behind its name. */
export function toFields(type: string, account: string, row: Row, database?: string): CloudServiceFields {
  const idOf = (kind: string, ...names: readonly string[]) =>
    [account, kind, ...names.map(encodeURIComponent)].join(':')
  const { member_of: memberOf, name, ...rest } = row
  const schema = typeof row.schema === 'string' ? row.schema : undefined
  const path = [database, type === 'table' ? schema : undefined, name].filter((part) => part !== undefined)
  const relations: Relation[] = []
  const relate = (relation: string, to: string, ...names: readonly string[]) =>
    relations.push({ name: relation, type: to, resourceId: idOf(to, ...names) })
  if (database !== undefined) relate('in', 'database', database)
  if (database !== undefined && schema !== undefined && type === 'table')
    relate('in', 'schema', database, schema)
  if (typeof row.owner === 'string') relate('owned_by', 'role', row.owner)
  if (Array.isArray(memberOf)) for (const role of memberOf.map(String)) relate('member_of', 'role', role)
  const isSecret = type === 'setting' && SECRET_SETTING.test(name) && row.value !== ''
  return {
    resourceId: idOf(type, ...path),
    account,
    regionCode: database === undefined ? undefined : regionOf(account, database),
    name: path.join('.'),
    relations,
    data: {
      ...rest,
      name,
      ...(database === undefined ? {} : { database }),
      ...(isSecret ? { value: '(sensitive)' } : {}),
    },
  }
}
