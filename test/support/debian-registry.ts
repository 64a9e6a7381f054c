import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { findFreePort } from '../../src/plugins/process/find-free-port.ts'

const PROGRAM = '/usr/bin/docker-registry'
const START_WITHIN_MS = 30_000

export type DebianRegistry = {
  readonly host: string
  readonly credential: { readonly username: string; readonly password: string }
  stop(): Promise<void>
}

/** `user` with the password `secret`, as bcrypt has it: the program takes nothing else. */
const HTPASSWD = 'user:$2a$05$Vl2Y6YH77JqpOn/M0Ri4De5PYEYhaqikczTiyLMjWgCHqo784HpXq\n'

/** Starts the container registry that Debian has, with a password, or says what is missing for it. */
export async function startDebianRegistry(): Promise<DebianRegistry | string> {
  if (!existsSync(PROGRAM)) return `there is no ${PROGRAM}; it is in the package docker-registry of Debian`
  const folder = mkdtempSync(join(tmpdir(), 'gleaner-image-registry-'))
  const host = `127.0.0.1:${await findFreePort()}`
  writeFileSync(join(folder, 'htpasswd'), HTPASSWD)
  writeFileSync(join(folder, 'config.yml'), configOf(host, folder))
  const program = spawn(PROGRAM, ['serve', join(folder, 'config.yml')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {},
  })
  let log = ''
  program.stderr.on('data', (text: Buffer) => {
    log = (log + text.toString()).slice(-2_000)
  })
  const exited = once(program, 'exit')
  const stop = async () => {
    program.kill('SIGTERM')
    await exited
    rmSync(folder, { recursive: true, force: true })
  }
  for (let waitedMs = 0; program.exitCode === null && waitedMs < START_WITHIN_MS; waitedMs += 100) {
    const answer = await fetch(`http://${host}/v2/`).catch(() => undefined)
    if (answer?.status === 401) return { host, credential: { username: 'user', password: 'secret' }, stop }
    await pause(100)
  }
  if (program.exitCode === null) await stop()
  return `docker-registry cannot run here: ${log.split('\n').at(-2) ?? ''}`
}

function configOf(host: string, folder: string): string {
  return `
version: 0.1
log: { level: warn }
storage: { filesystem: { rootdirectory: ${join(folder, 'images')} } }
http: { addr: ${host}, secret: test }
auth: { htpasswd: { realm: test, path: ${join(folder, 'htpasswd')} } }
`
}
