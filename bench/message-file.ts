import { closeSync, openSync, readSync, writeSync } from 'node:fs'

/**
 * A file of serialized `ResourceInfo` messages, each behind the five bytes that gRPC puts before a message (a
 * zero and the length, big-endian). What lies in the file can be sent as it is.
 */
export const FRAME_HEAD = 5

const CHUNK = 1_048_576

/** Writes a message file and returns how many messages it holds. */
export function writeMessageFile(path: string, messages: Iterable<Uint8Array>): number {
  const file = openSync(path, 'w', 0o644)
  const buffer = Buffer.allocUnsafe(CHUNK)
  let filled = 0
  let count = 0
  const flush = () => {
    writeAll(file, buffer.subarray(0, filled))
    filled = 0
  }
  try {
    for (const message of messages) {
      if (filled + FRAME_HEAD + message.length > CHUNK) flush()
      const frame = frameOf(message)
      if (frame.length > CHUNK) writeAll(file, frame)
      else filled += frame.copy(buffer, filled)
      count++
    }
    flush()
  } finally {
    closeSync(file)
  }
  return count
}

/** Where each message of an open file begins, and where the last one ends: one more offset than messages. */
export function indexMessageFile(file: number): Float64Array {
  const offsets: number[] = [0]
  const chunk = Buffer.allocUnsafe(CHUNK)
  let position = 0
  for (;;) {
    const got = readSync(file, chunk, 0, CHUNK, position)
    let at = 0
    while (at + FRAME_HEAD <= got) {
      if (chunk[at] !== 0)
        throw new Error(`no message begins at byte ${position + at}: this is no message file`)
      at += FRAME_HEAD + chunk.readUInt32BE(at + 1)
      offsets.push(position + at)
    }
    if (got === 0 || (at === 0 && got < FRAME_HEAD)) break
    position += at
  }
  return Float64Array.from(offsets)
}

/** A message with its head. */
export function frameOf(message: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(FRAME_HEAD + message.length)
  frame[0] = 0
  frame.writeUInt32BE(message.length, 1)
  frame.set(message, FRAME_HEAD)
  return frame
}

function writeAll(file: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done)
}
