import { join } from 'node:path'
import { makeMessages } from './documents.ts'
import { writeMessageFile } from './message-file.ts'
import { startServer } from './start-server.ts'

/**
 * Starts a server once and lets it collect one resource. After that all sources, of the thread that stores as
 * well, are there without their types, as they are at every start of a version but the first, which waits
 * until they have been stripped.
 */
export async function warmUp(folder: string): Promise<void> {
  const below = join(folder, 'warm-up')
  const server = await startServer(below)
  try {
    const file = join(below, 'messages')
    writeMessageFile(file, makeMessages(1))
    await server.ask({ do: 'collect', domainId: 'domain-warm-up', file })
  } finally {
    await server.stop()
  }
}
