import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  create,
  type DescMessage,
  type DescMethodUnary,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf'
import { Client, credentials, Metadata } from '@grpc/grpc-js'

const MAIN = join(import.meta.dirname, '../../src/main.ts')
/** As `npm start` runs it. */
const STRIP_TYPES = [
  '--disable-warning=ExperimentalWarning',
  '--import',
  join(import.meta.dirname, '../../scripts/strip-types.mjs'),
]

export type ServerProcess = {
  readonly child: ChildProcess
  /** Everything it has printed so far, stdout and stderr. */
  output(): string
  /** Waits until the output matches; fails with the output when the process ends first. */
  until(pattern: RegExp): Promise<RegExpMatchArray>
  /** Exit code, or the signal that ended it. */
  readonly exited: Promise<number | string>
}

/** A folder for one test's servers, removed by `remove`. */
export function makeDataDir() {
  const dataDir = mkdtempSync(join(tmpdir(), 'gleaner-e2e-'))
  return { dataDir, remove: () => rmSync(dataDir, { recursive: true, force: true }) }
}

/** Starts the real server as its own process, on free ports. */
export function startServer(
  dataDir: string,
  {
    flags = [],
    entry = MAIN,
    program = [process.execPath, ...STRIP_TYPES, entry],
    env: more = {},
    output: to = 'pipe',
  }: {
    flags?: readonly string[]
    entry?: string
    program?: readonly string[]
    env?: Readonly<Record<string, string>>
    /** An open file that what it prints goes to; then nothing of it is seen here. */
    output?: number | 'pipe'
  } = {},
): ServerProcess {
  const ports = ['--http-port', '0', '--grpc-port', '0']
  const [command = '', ...before] = program
  const args = [...before, '--data-dir', dataDir, ...ports, ...flags]
  const { PATH, NODE_OPTIONS } = process.env
  const env = { PATH, NODE_OPTIONS, HOME: dataDir, GLEANER_TEST_MARK: dataDir, ...more }
  const child = spawn(command, args, { env, stdio: ['ignore', to, to] })
  let output = ''
  const waiting = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      for (const look of waiting) look()
    })
  }
  // Not `exit`: what it said last may come after that.
  const exited = once(child, 'close').then(([code, signal]) => code ?? signal)
  return {
    child,
    exited,
    output: () => output,
    until(pattern) {
      const { promise, resolve, reject } = Promise.withResolvers<RegExpMatchArray>()
      const look = () => {
        const match = output.match(pattern)
        if (match) resolve(match)
      }
      waiting.add(look)
      look()
      exited.then((code) => reject(new Error(`the server ended with ${code} before ${pattern}:\n${output}`)))
      return promise.finally(() => waiting.delete(look))
    },
  }
}

/** The port behind `REST API  http://…` or `gRPC …` of the greeting. */
export async function portsOf(server: ServerProcess) {
  const [, http = ''] = await server.until(/http:\/\/127\.0\.0\.1:(\d+)/)
  const [, grpc = ''] = await server.until(/gRPC\s+127\.0\.0\.1:(\d+)/)
  return { http: Number(http), grpc: Number(grpc) }
}

/** Calls the REST API; fails on any status but 200. */
export async function post<T>(port: number, path: string, body: object): Promise<T> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
  return response.json() as Promise<T>
}

/**
 * Processes that carry a server's mark in their environment, or live in its data folder: what it left behind.
 */
export function listLeftovers(dataDir: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, 'latin1')
        const command = readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')
        return environment.includes(dataDir) || command.includes(dataDir) ? [`${pid} ${command}`] : []
      } catch {
        return []
      }
    })
}

/** Calls one unary method with a stock gRPC client, with these headers as metadata. */
export async function callGrpc<I extends DescMessage, O extends DescMessage>(
  port: number,
  method: DescMethodUnary<I, O>,
  request: MessageInitShape<I>,
  headers: Readonly<Record<string, string>> = {},
): Promise<MessageShape<O>> {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure())
  const { promise, resolve, reject } = Promise.withResolvers<MessageShape<O>>()
  const metadata = new Metadata()
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value)
  client.makeUnaryRequest(
    `/${method.parent.typeName}/${method.name}`,
    (message: MessageShape<I>) => Buffer.from(toBinary(method.input, message)),
    (bytes: Buffer) => fromBinary(method.output, bytes),
    create(method.input, request),
    metadata,
    (error, answer) => (error || answer === undefined ? reject(error) : resolve(answer)),
  )
  return promise.finally(() => client.close())
}
