import type { TakeRow } from './copy-out.ts'

/**
 * The port through which features reach PostgreSQL. Column names arrive in camelCase, timestamptz as Date,
 * int8 as number (bigint beyond 2^53), jsonb as parsed JSON, uuid as text. Keys inside JSON documents stay as
 * they are.
 */
export interface Sql {
  /** Runs one statement with bound parameters and returns its rows. A Buffer is sent in binary format. */
  query<Row extends object = Record<string, unknown>>(
    text: string,
    params?: readonly unknown[],
    options?: QueryOptions,
  ): Promise<readonly Row[]>
  /**
   * Runs a `copy … to stdout with (format binary)` and hands over its rows one by one as they arrive: for
   * long binary values, which the driver otherwise reads as text of twice their length. It takes no
   * parameters: see `literal`.
   */
  copyOut(text: string, take: TakeRow): Promise<void>
}

export type QueryOptions = {
  /** Prepares the statement under this name, once per connection. For constant texts on hot paths. */
  readonly name?: string
}

/** An open transaction. Throw out of its callback to roll back. */
export interface Transaction extends Sql {
  /**
   * Runs a `copy … from stdin with (format binary)` with what a `RowWriter` wrote, header and trailer
   * included. Each piece must stay as it is until the next is asked for; the server stores it meanwhile. Not
   * on connections that are held by row-level security, which forbids it.
   */
  copyIn(text: string, pieces: Iterable<Uint8Array>): Promise<void>
  /** Runs after a successful commit and never after a rollback; its failure is logged, not thrown. */
  afterCommit(effect: () => void | Promise<void>): void
}

export interface Database extends Sql {
  /** Opens a transaction (READ COMMITTED), commits what `run` returns, rolls back what it throws. */
  transaction<T>(run: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T>
}

/**
 * The database as its owner sees it, the rows of all domains: for worker, scheduler and what administers the
 * server.
 */
export interface WholeDatabase extends Database {
  /**
   * The same tables behind row-level security: only rows of this domain are visible and can be written,
   * whatever a statement asks; with '' none are. With projects, of these only what belongs to one of them or
   * to all. Where the database user could create no role for it all rows remain, and to be bound to projects
   * is refused.
   */
  boundTo(domainId: string, projectIds?: readonly string[]): Database
  /** How the connections of all pools are used at this moment. */
  poolUse(): PoolUse
  /** Closes the connections after running statements have ended. */
  close(): Promise<void>
}

export type PoolUse = {
  readonly inUse: number
  readonly idle: number
  /** Who waits for a connection right now. */
  readonly waiting: number
  /** Who has had to wait since the pools were opened, and for how long all in all, milliseconds. */
  readonly waits: number
  readonly waitedMs: number
}

export type TransactionOptions = {
  readonly readOnly?: boolean
  /** All statements see the database as it was at the first one (REPEATABLE READ). For what only reads. */
  readonly isSnapshot?: boolean
  /**
   * True for what a caller may ask at will and at any length. At most half of the connections run such
   * queries; more of them wait for each other, so that collecting always finds a connection.
   */
  readonly isCallersQuery?: boolean
  /** `statement_timeout` inside this transaction, milliseconds; the pool's default otherwise. */
  readonly statementTimeoutMs?: number
  /** Ends the wait for a connection and cancels the running statement. */
  readonly signal?: AbortSignal
  /**
   * True for what a request does on its way and nobody asked it for, such as giving events their place: the
   * audit, which writes a row for what a call changes, does not take it for that change.
   */
  readonly isUpkeep?: boolean
}
