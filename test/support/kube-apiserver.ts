import { spawn } from 'node:child_process'
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createTransport } from '../../sdk/src/calls/transport.ts'
import { findFreePort } from '../../src/plugins/process/find-free-port.ts'

export type KubeApiserver = {
  readonly server: string
  readonly ca: string
  /** May do everything. */
  readonly token: string
  /** Of the user `reader`, who may do what the test lets them. */
  readonly readerToken: string
  /** Calls the API, as who may do everything unless the headers say otherwise. */
  call(
    method: string,
    path: string,
    body?: object,
    headers?: Readonly<Record<string, string>>,
  ): Promise<{ readonly status: number; readonly body: unknown }>
  /**
   * Forgets all but the newest state, as etcd does every five minutes, which ends lists that are being read.
   */
  compact(): Promise<void>
  stop(): Promise<void>
}

const START_WITHIN_MS = 60_000

/** Starts a Kubernetes API server with an etcd of the test's own, or says what is missing for them. */
export async function startKubeApiserver(): Promise<KubeApiserver | string> {
  const programs = { etcd: find('ETCD', 'etcd'), apiserver: find('KUBE_APISERVER', 'kube-apiserver') }
  if (programs.apiserver === undefined)
    return 'there is no kube-apiserver on the PATH or in KUBE_APISERVER; scripts/build-kube-apiserver.sh builds one'
  if (programs.etcd === undefined)
    return 'there is no etcd on the PATH or in ETCD; it is in the package etcd-server of Debian'
  const folder = mkdtempSync(join(tmpdir(), 'gleaner-kube-'))
  const [etcdPort, peerPort, port] = await Promise.all([findFreePort(), findFreePort(), findFreePort()])
  const etcdUrl = `http://127.0.0.1:${etcdPort}`
  const [token, readerToken] = [randomUUID(), randomUUID()]
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  writeFileSync(join(folder, 'sa.key'), privateKey, { mode: 0o600 })
  writeFileSync(
    join(folder, 'tokens.csv'),
    `${token},admin,admin,system:masters\n${readerToken},reader,reader\n`,
  )
  const etcd = run(folder, programs.etcd, [
    ...['--data-dir', join(folder, 'etcd'), '--log-level', 'error'],
    ...['--listen-client-urls', etcdUrl, '--advertise-client-urls', etcdUrl],
    ...['--listen-peer-urls', `http://127.0.0.1:${peerPort}`],
  ])
  const apiserver = run(folder, programs.apiserver, [
    ...[`--etcd-servers=${etcdUrl}`, `--secure-port=${port}`, '--bind-address=127.0.0.1'],
    ...['--advertise-address=127.0.0.1', `--cert-dir=${join(folder, 'certs')}`],
    ...[`--token-auth-file=${join(folder, 'tokens.csv')}`, '--authorization-mode=RBAC'],
    ...['--service-cluster-ip-range=10.0.0.0/24', '--service-account-issuer=https://127.0.0.1'],
    ...[`--service-account-key-file=${join(folder, 'sa.key')}`],
    ...[`--service-account-signing-key-file=${join(folder, 'sa.key')}`],
    '--disable-admission-plugins=ServiceAccount',
    // From its cache a newer server goes on with lists whose state etcd has forgotten, for a while that no
    // test can wait for.
    '--watch-cache=false',
  ])
  const stop = async () => {
    await apiserver.end()
    await etcd.end()
    rmSync(folder, { recursive: true, force: true })
  }
  const server = `https://127.0.0.1:${port}`
  const certFile = join(folder, 'certs/apiserver.crt')
  for (let waitedMs = 0; waitedMs < START_WITHIN_MS; waitedMs += 200) {
    if (apiserver.hasEnded() || etcd.hasEnded()) break
    if (existsSync(certFile)) {
      const ca = readFileSync(certFile, 'utf8')
      const call = createCaller(server, ca, token)
      if ((await call('GET', '/readyz').catch(() => undefined))?.status === 200)
        return { server, ca, token, readerToken, call, stop, compact: () => compact(etcdUrl) }
    }
    await pause(200)
  }
  const log = apiserver.log() || etcd.log()
  await stop()
  throw new Error(`the API server did not become ready: ${log}`)
}

function createCaller(server: string, ca: string, token: string): KubeApiserver['call'] {
  const transport = createTransport({ ca })
  return async (method, path, body, headers = {}) => {
    const answer = await transport(new URL(path, server), {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, body: text.startsWith('{') ? JSON.parse(text) : text }
  }
}

/** By etcd's own API in JSON: the revision of now, and then to forget what was before it. */
async function compact(etcdUrl: string): Promise<void> {
  const post = async (path: string, body: object): Promise<Record<string, unknown>> => {
    const answer = await fetch(`${etcdUrl}/v3/${path}`, { method: 'POST', body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`etcd answered ${answer.status} to ${path}: ${await answer.text()}`)
    return asFields(await answer.json())
  }
  const { header } = await post('kv/range', { key: Buffer.from('a').toString('base64') })
  await post('kv/compaction', { revision: asFields(header).revision, physical: true })
}

/** Claims that an answer is an object. */
function asFields(value: unknown): Record<string, unknown> {
  return value as Record<string, unknown>
}

function find(variable: string, name: string): string | undefined {
  const given = process.env[variable]
  if (given !== undefined && given !== '') return given
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path))
}

function run(cwd: string, program: string, args: readonly string[]) {
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = once(child, 'exit')
  let log = ''
  child.stderr.on('data', (text: Buffer) => {
    log = (log + text.toString()).slice(-2_000)
  })
  return {
    hasEnded: () => child.exitCode !== null,
    log: () => log,
    async end() {
      if (child.exitCode === null) child.kill('SIGKILL')
      await ended
    },
  }
}
