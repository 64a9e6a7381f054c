import pg from 'pg'

/**
 * What is asked once in a while whoever calls: whose key it is, whether the domain exists, what a connection
 * is bound to, how the plugins are.
 */
const ASKED_NOW_AND_THEN = [
  /from api_key where key_hash/,
  /set last_used_at/,
  /^select domain_id, name, created_at from domain/,
  /set_config\(/,
  /insert into plugin_process/,
]

export type Statements = {
  /** The texts of the statements since the last call, on all connections of this process. */
  take(): readonly string[]
  stop(): void
}

/** Listens to what the driver is given, in the process where both test and server run. */
export function recordStatements(): Statements {
  const original: unknown = pg.Client.prototype.query
  let texts: string[] = []
  Reflect.set(pg.Client.prototype, 'query', function (this: pg.Client, ...args: unknown[]) {
    const [statement] = args
    const text = typeof statement === 'string' ? statement : textOf(statement)
    if (isOfRequest(text)) texts.push(text)
    return Reflect.apply(Object(original), this, args)
  })
  return {
    take() {
      const taken = texts
      texts = []
      return taken
    },
    stop: () => void Reflect.set(pg.Client.prototype, 'query', original),
  }
}

/** What a request asks names its domain in a parameter; what the server asks for itself does not. */
function isOfRequest(text: string): boolean {
  return (
    text.includes('$1') &&
    text.includes('domain_id') &&
    !ASKED_NOW_AND_THEN.some((pattern) => pattern.test(text))
  )
}

function textOf(statement: unknown): string {
  if (typeof statement !== 'object' || statement === null || !('text' in statement)) return ''
  return typeof statement.text === 'string' ? statement.text : ''
}
