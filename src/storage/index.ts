export type { Database, QueryOptions, Sql, Transaction, TransactionOptions } from './database.ts'
