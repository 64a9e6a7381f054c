import pg from 'pg'
import type { QueryOptions } from './database.ts'
import { rowTypes, toRows } from './row-codec.ts'

/**
 * Runs one statement on one connection; rows travel as arrays and become objects here. The extended protocol
 * takes exactly one statement, so that nothing can be smuggled in behind a semicolon.
 */
export async function runStatement<Row extends object>(
  client: pg.ClientBase,
  text: string,
  params: readonly unknown[] = [],
  options: QueryOptions = {},
): Promise<readonly Row[]> {
  const statement: pg.QueryArrayConfig & { queryMode: 'extended' } = {
    text,
    values: params.map(toValue),
    rowMode: 'array',
    types: rowTypes,
    queryMode: 'extended',
    ...(options.name === undefined ? {} : { name: options.name }),
  }
  const result = await client.query<unknown[]>(statement)
  return trustRows<Row>(toRows(result.fields, result.rows))
}

/**
 * What the driver sends for a value, as it finds it itself, but before anything is sent: there it reports a
 * value that it cannot write and still awaits an answer, with which those of later statements would be taken
 * for one another's. Its type declarations leave it out.
 */
const toValue: (value: unknown) => unknown = Reflect.get(Reflect.get(pg, 'utils'), 'prepareValue')

/** Claims that the statement selects what `Row` says; the statement stands beside the type at every call. */
function trustRows<Row extends object>(rows: Record<string, unknown>[]): readonly Row[] {
  return rows as Row[]
}
