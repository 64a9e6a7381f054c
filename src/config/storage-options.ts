import { z } from 'zod'
import type { Options } from './option.ts'

/** Where everything is kept, and under which key. */
export const STORAGE_OPTIONS = {
  dataDir: {
    env: 'GLEANER_DATA_DIR',
    about: 'Folder for the database, plugin folders and logs.',
    schema: z.string().min(1).default('.gleaner'),
  },
  databaseUrl: {
    env: 'DATABASE_URL',
    about: 'postgres://… of an own PostgreSQL 15 or later; without it one runs in the data folder.',
    schema: z.string().min(1).optional(),
  },
  databaseUser: {
    env: 'GLEANER_DATABASE_USER',
    about: 'User that root runs the embedded PostgreSQL as; `postgres` or `nobody` without it.',
    schema: z.string().min(1).optional(),
  },
  masterKey: {
    env: 'GLEANER_MASTER_KEY',
    about: 'Key that seals stored secrets, 32 bytes in Base64; several with commas, the newest last.',
    schema: z.string().min(1).optional(),
    isSecret: true,
  },
  masterKeyFile: {
    env: 'GLEANER_MASTER_KEY_FILE',
    about: 'File with that key instead, made when missing. Default master.key in the data folder.',
    schema: z.string().min(1).optional(),
  },
  masterKeyCommand: {
    env: 'GLEANER_MASTER_KEY_COMMAND',
    about: 'Shell command that prints that key instead: of a key management service or a vault.',
    schema: z.string().min(1).optional(),
    isSecret: true,
  },
} as const satisfies Options
