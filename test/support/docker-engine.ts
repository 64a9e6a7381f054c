import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import Docker from 'dockerode'

export type TestEngine = {
  readonly socket: string
  readonly docker: Docker
  /** Makes an image that runs this module in Node. */
  addImage(name: string, module: string): Promise<void>
  /** Makes an image of one file with this text, which runs nothing. */
  addText(name: string, text: string): Promise<void>
  /** Pushes an image to its registry. */
  push(name: string, authconfig: object): Promise<void>
  stop(): Promise<void>
}

const START_WITHIN_MS = 30_000

/** Starts a Docker engine of the test's own, or says what is missing for one. */
export async function startDockerEngine(): Promise<TestEngine | string> {
  if (process.getuid?.() !== 0) return 'a Docker engine can only be started by root'
  if (!existsSync('/usr/sbin/dockerd') && !existsSync('/usr/bin/dockerd')) {
    return 'there is no dockerd on this machine; it is in the package docker.io of Debian'
  }
  const folder = mkdtempSync(join(tmpdir(), 'gleaner-docker-'))
  const socket = join(folder, 'docker.sock')
  const flags = ['--iptables=false', '--ip6tables=false', '--storage-driver=vfs', '-H', `unix://${socket}`]
  const folders = [
    '--data-root',
    join(folder, 'data'),
    '--exec-root',
    join(folder, 'exec'),
    '--pidfile',
    join(folder, 'pid'),
  ]
  const daemon = spawn('dockerd', [...flags, ...folders], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
  })
  let log = ''
  daemon.stderr.on('data', (text: Buffer) => {
    log = (log + text.toString()).slice(-2_000)
  })
  const exited = once(daemon, 'exit')
  const docker = new Docker({ socketPath: socket })
  const stop = async () => {
    daemon.kill('SIGTERM')
    await exited
    rmSync(folder, { recursive: true, force: true })
  }
  for (let waitedMs = 0; daemon.exitCode === null && waitedMs < START_WITHIN_MS; waitedMs += 200) {
    if (await docker.ping().catch(() => false))
      return {
        socket,
        docker,
        stop,
        addImage: (name, module) => addImage(docker, name, module),
        addText: (name, text) => addText(docker, name, text),
        push: (name, authconfig) => push(docker, name, authconfig),
      }
    await pause(200)
  }
  if (daemon.exitCode === null) await stop()
  return `dockerd cannot run here: ${log.split('\n').at(-2) ?? ''}`
}

/** An image of nothing but Node, the libraries it is linked to, and the module. */
async function addImage(docker: Docker, name: string, module: string): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'gleaner-image-'))
  try {
    const libraries =
      execFileSync('ldd', [process.execPath], { encoding: 'utf8' }).match(/(?<=\s)\/\S+(?= \()/g) ?? []
    for (const path of libraries) copy(path, join(root, path))
    copy(process.execPath, join(root, 'bin/node'))
    writeFileSync(join(root, 'plugin.mjs'), module)
    mkdirSync(join(root, 'tmp'))
    await importFolder(docker, name, root)
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

async function addText(docker: Docker, name: string, text: string): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'gleaner-image-'))
  try {
    writeFileSync(join(root, 'text'), text)
    await importFolder(docker, name, root)
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

async function importFolder(docker: Docker, name: string, root: string): Promise<void> {
  const archive = `${root}.tar`
  execFileSync('tar', ['-cf', archive, '-C', root, '.'])
  const colon = name.lastIndexOf(':')
  const changes = ['CMD ["/bin/node", "/plugin.mjs"]']
  const stream = await docker.importImage(archive, {
    repo: name.slice(0, colon),
    tag: name.slice(colon + 1),
    changes,
  })
  rmSync(archive)
  for await (const _ of stream);
}

async function push(docker: Docker, name: string, authconfig: object): Promise<void> {
  const stream = await docker.getImage(name).push({ authconfig })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve()))
  await promise
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  copyFileSync(from, to)
  chmodSync(to, 0o755)
}
