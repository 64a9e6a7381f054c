import type { Database } from '../../../src/storage/index.ts'
import type { SampleDocument } from './sample-document.ts'

/** Stores documents as rows of the sample tables, all in two statements. */
export async function insertDocuments(
  db: Database,
  domainId: string,
  documents: readonly SampleDocument[],
): Promise<void> {
  const rows = documents.map(({ reference, notes: _, ...columns }) => ({
    ...columns,
    ...reference,
    domain_id: domainId,
  }))
  await db.query('insert into sample select * from jsonb_populate_recordset(null::sample, $1::jsonb)', [
    toText(rows),
  ])
  const notes = documents.flatMap(({ sample_id, notes: some }) =>
    some.map((note) => ({ ...note, sample_id, domain_id: domainId })),
  )
  await db.query(
    'insert into sample_note select * from jsonb_populate_recordset(null::sample_note, $1::jsonb)',
    [toText(notes)],
  )
}

function toText(rows: readonly object[]): string {
  return JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? String(value) : value))
}
