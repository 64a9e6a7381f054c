import { z } from 'zod'
import { backupTooNew, damaged } from './backup-errors.ts'

/** Raised when an older release would misread a backup. */
export const FORMAT = 1

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const Name = z.string().regex(/^[a-z_][a-z0-9_]*$/)

/** What a backup holds, as `manifest.json` says it. */
export const Manifest = z.object({
  format: z.literal(FORMAT),
  /** Version of the Gleaner that made it. */
  gleaner: z.string(),
  /** Version of the PostgreSQL that it was read from. Any can take it. */
  postgres: z.string(),
  /** Everything that was committed before is in it. */
  takenAt: z.iso.datetime(),
  /** What the database had gone through. */
  migrations: z.array(z.object({ version: z.int(), name: z.string(), checksum: z.string() })).min(1),
  tables: z.array(
    z.object({
      name: Name,
      columns: z.array(z.string().min(1)),
      rows: z.int().min(0),
      /** Of the rows, whatever their order: see `RowDigest`. */
      digest: Sha256,
      /** On the disk of the database it was read from, without indexes. */
      bytes: z.number(),
      /** Of the file. */
      fileBytes: z.int(),
    }),
  ),
  sequences: z.array(z.object({ name: Name, lastValue: z.string().regex(/^\d+$/), isCalled: z.boolean() })),
  /** Master keys that stored secrets are sealed under, by version and fingerprint: a fingerprint tells nothing of its key. */
  masterKeys: z.array(z.object({ version: z.int(), fingerprint: z.string() })),
  /** Whether `master.key` is there, which opens them. */
  hasMasterKey: z.boolean(),
})
export type Manifest = z.infer<typeof Manifest>

/** Reads what `folder` says of itself. */
export function parseManifest(text: string, folder: string): Manifest {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw damaged(folder, 'manifest.json is no JSON', cause)
  }
  const { data: marked } = z.object({ format: z.int(), gleaner: z.string() }).safeParse(value)
  if (marked !== undefined && marked.format > FORMAT) throw backupTooNew(folder, marked.gleaner)
  const parsed = Manifest.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw damaged(folder, `manifest.json: ${issue?.path.join('.')}: ${issue?.message}`)
}

/** Where in a backup the rows of a table are. */
export function fileOf({ name }: { readonly name: string }): string {
  return `tables/${name}.copy.zst`
}
