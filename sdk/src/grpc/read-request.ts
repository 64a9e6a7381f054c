import type { ServerHttp2Stream } from 'node:http2'
import { promisify } from 'node:util'
import { gunzip, inflate } from 'node:zlib'
import { PluginError } from '../errors.ts'
import { FRAME_HEAD_BYTES } from './frame.ts'

const MAX_REQUEST_BYTES = 32 * 1024 * 1024

/** What a caller may compress its request with; answers are never compressed. */
export const ACCEPTED_ENCODINGS = 'identity,gzip,deflate'

const INFLATE = { gzip: promisify(gunzip), deflate: promisify(inflate) } as const

/** Reads the one message of a call whose caller has said all. Throws a PluginError when it is none. */
export async function readRequest(stream: ServerHttp2Stream, encoding = 'identity'): Promise<Buffer> {
  const body = await readBody(stream)
  if (body.length < FRAME_HEAD_BYTES) throw broken('holds no message')
  const end = FRAME_HEAD_BYTES + body.readUInt32BE(1)
  if (body.length < end) throw broken('ends in the middle of its message')
  if (body.length > end) throw broken('holds more than one message')
  const message = body.subarray(FRAME_HEAD_BYTES, end)
  return body[0] === 0 ? message : await decompress(message, encoding)
}

function readBody(stream: ServerHttp2Stream): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const chunks: Buffer[] = []
  let length = 0
  const take = (chunk: Buffer) => {
    chunks.push(chunk)
    length += chunk.length
    if (length <= FRAME_HEAD_BYTES + MAX_REQUEST_BYTES && announced(chunks) <= MAX_REQUEST_BYTES) return
    stream.off('data', take)
    chunks.length = 0
    reject(tooLarge())
  }
  stream.on('data', take)
  stream.once('end', () => resolve(Buffer.concat(chunks)))
  stream.once('close', () => reject(broken('was cut off')))
  return promise
}

/** Refusing what is announced spares reading it first. */
function announced([first]: readonly Buffer[]): number {
  return first !== undefined && first.length >= FRAME_HEAD_BYTES ? first.readUInt32BE(1) : 0
}

async function decompress(message: Buffer, encoding: string): Promise<Buffer> {
  if (encoding !== 'gzip' && encoding !== 'deflate') {
    const reason = `the request is compressed by '${encoding}', and this plugin reads ${ACCEPTED_ENCODINGS}`
    throw new PluginError('ERROR_REQUEST_ENCODING', reason, { status: 'UNIMPLEMENTED' })
  }
  try {
    return await INFLATE[encoding](message, { maxOutputLength: MAX_REQUEST_BYTES })
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge()
    throw broken(`cannot be decompressed by ${encoding}`)
  }
}

function broken(what: string): PluginError {
  return new PluginError('ERROR_REQUEST_FRAME', `the request ${what}`)
}

function tooLarge(): PluginError {
  const reason = `the request is larger than ${MAX_REQUEST_BYTES} bytes, which is the most a plugin reads`
  return new PluginError('ERROR_REQUEST_SIZE', reason, { status: 'RESOURCE_EXHAUSTED' })
}
