import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'

/**
 * What is kept of a line before it is handed on; more than the log keeps, so that a secret is cut out whole
 * before the line is.
 */
const MAX_RAW_LINE = 16_384

/**
 * A stream that writes more than this in one second waits for the next: a log flood must not take our event
 * loop.
 */
const MAX_BYTES_PER_SECOND = 4_194_304

/** Calls back with each line of a text stream, in bounded memory and at a bounded rate. */
export function readLines(stream: Readable, onLine: (line: string) => void): void {
  const decoder = new StringDecoder('utf8')
  const throttle = createThrottle(stream)
  let line = ''
  const take = (text: string) => {
    const pieces = text.split('\n')
    const last = pieces.pop() ?? ''
    for (const piece of pieces) {
      onLine(grow(line, piece).replace(/\r$/, ''))
      line = ''
    }
    line = grow(line, last)
  }
  stream.on('data', (chunk: Buffer) => {
    throttle(chunk.length)
    take(decoder.write(chunk))
  })
  stream.on('end', () => {
    take(decoder.end())
    if (line !== '') onLine(line)
  })
  stream.on('error', () => {})
}

function grow(line: string, more: string): string {
  if (line.length >= MAX_RAW_LINE) return line
  return line + more.slice(0, MAX_RAW_LINE - line.length)
}

function createThrottle(stream: Readable): (bytes: number) => void {
  let windowStart = performance.now()
  let taken = 0
  return (bytes) => {
    const now = performance.now()
    if (now - windowStart >= 1_000) {
      windowStart = now
      taken = 0
    }
    taken += bytes
    if (taken < MAX_BYTES_PER_SECOND) return
    stream.pause()
    setTimeout(() => stream.resume(), windowStart + 1_000 - now).unref()
  }
}
