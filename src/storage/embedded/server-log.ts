import { constants } from 'node:fs'
import { copyFile, type FileHandle, open, stat } from 'node:fs/promises'

/** Two files of this size at most: the current one and the one before it. */
const MAX_BYTES = 4 * 1024 * 1024
const CHECK_EVERY_MS = 60_000
const TAIL_BYTES = 8 * 1024

/** The file that PostgreSQL's output goes to. */
export type ServerLog = {
  readonly path: string
  /** For the server's stdout and stderr: the server writes by itself, so that our pauses never block it. */
  readonly fd: number
  /** What was written since the log was opened, the last lines of it. */
  lastLines(count: number): Promise<string>
  close(): Promise<void>
}

/** Opens the log for appending and keeps it bounded: a full one is copied aside and emptied in place. */
export async function openServerLog(file: string): Promise<ServerLog> {
  const handle = await open(file, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, 0o600)
  // Where the disk is full there is no room for the copy; what matters then is that the server starts.
  await rotate(file, handle).catch(() => {})
  const { size: start } = await handle.stat()
  const timer = setInterval(() => rotate(file, handle).catch(() => {}), CHECK_EVERY_MS)
  timer.unref()
  return {
    path: file,
    fd: handle.fd,
    lastLines: async (count) =>
      (await readTail(handle, start)).trimEnd().split('\n').slice(-count).join('\n'),
    async close() {
      clearInterval(timer)
      await handle.close()
    },
  }
}

async function rotate(file: string, handle: FileHandle): Promise<void> {
  if ((await stat(file)).size < MAX_BYTES) return
  await copyFile(file, `${file}.1`)
  await handle.truncate(0)
}

async function readTail(handle: FileHandle, start: number): Promise<string> {
  const { size } = await handle.stat()
  const from = Math.max(size < start ? 0 : start, size - TAIL_BYTES)
  const buffer = Buffer.alloc(Math.max(0, size - from))
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, from)
  return buffer.toString('utf8', 0, bytesRead)
}
