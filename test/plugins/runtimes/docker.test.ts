import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Docker from 'dockerode'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { readImageDigest } from '../../../src/plugins/docker/image-digest.ts'
import { pullImage } from '../../../src/plugins/docker/pull-image.ts'
import { parseReference } from '../../../src/plugins/docker/reference.ts'
import { createPluginHost, createPluginRegistry, createVersionLister } from '../../../src/plugins/index.ts'
import { startDebianRegistry } from '../../support/debian-registry.ts'
import { startDockerEngine } from '../../support/docker-engine.ts'
import { keptLog } from '../../support/kept-log.ts'
import { collectNames, failureOf, givenFolder, never, noSecret, recordOf, until } from '../support.ts'

const engine = await startDockerEngine()
if (typeof engine === 'string') console.warn(`SKIPPED: plugins in containers were not tried: ${engine}`)

test('of an image that the engine does not tell of, no digest is claimed', async () => {
  const gone = new Docker({ socketPath: join(givenFolder(), 'engine.sock') })
  expect(await readImageDigest(gone, { imageId: 'sha256:1', image: 'acme/plugin:1.0' })).toBe('')
})

// What a plugin is to the engine: something on port 50051. It is told what to do by the path that is called.
const plugin = (version: string) => `
import { createServer } from 'node:http2'
const server = createServer()
console.error('version ${version} starts as', process.getuid(), 'on', process.platform)
server.on('stream', (stream, headers) => {
  const isVerify = headers[':path'].endsWith('verify')
  const isCollect = headers[':path'].endsWith('collect')
  if (isCollect) { const eaten = []; setInterval(() => eaten.push(Buffer.alloc(33554432, 1)), 10); return }
  if (isVerify) { console.error('last words'); process.exit(7) }
  stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '9', 'grpc-message': 'ERROR_SAID: ${version}' }, { endStream: true })
})
server.listen(50051, '0.0.0.0')
`

describe.skipIf(typeof engine === 'string')('a plugin in a container', async () => {
  if (typeof engine === 'string') return
  const { socket } = engine
  afterAll(engine.stop)
  const registry = await startDebianRegistry()
  if (typeof registry === 'string') console.warn(`SKIPPED: no image was pulled from a registry: ${registry}`)
  else afterAll(registry.stop)
  await engine.addImage('acme/plugin:1.0', plugin('1.0'))
  await engine.addImage('acme/plugin:2.0', plugin('2.0'))
  await engine.addImage('acme/broken:1.0', "console.error('cannot find the answer'); process.exit(3)")

  function givenDockerHost(
    image: string,
    versions: readonly string[],
    { dataDir = givenFolder(), idleMs = 300_000, maxRssMb = 256 } = {},
  ) {
    const record = recordOf('docker', { image, versions })
    const { logged, log } = keptLog()
    const host = createPluginHost({
      dataDir,
      log,
      registry: createPluginRegistry({ records: [record] }),
      settings: {
        dockerSocket: typeof engine === 'string' ? '' : engine.socket,
        stopGraceMs: 1_000,
        startTimeoutMs: 60_000,
        idleMs,
        maxRssMb,
      },
    })
    onTestFinished(() => host.stop())
    const connect = (version = '') => host.connect({ pluginId: record.pluginId, version }, never)
    return { host, dataDir, connect, logged }
  }

  const containers = async (dataDir: string) =>
    typeof engine === 'string'
      ? []
      : engine.docker.listContainers({ all: true, filters: { label: [`gleaner.data-dir=${dataDir}`] } })

  test('runs in several versions side by side, and is gone with its host', async () => {
    const { connect, dataDir, host } = givenDockerHost('docker://acme/plugin', ['2.0', '1.0'])

    const said = await Promise.all(
      ['1.0', '2.0'].map(
        async (version) => (await failureOf((await connect(version)).init({}, never))).message,
      ),
    )

    expect(said).toEqual([expect.stringContaining('1.0'), expect.stringContaining('2.0')])
    expect(await containers(dataDir)).toHaveLength(2)
    await host.stop()
    expect(await containers(dataDir)).toEqual([])
  })

  test('may use no more memory than it is allowed, gains no rights, and is published on the loopback alone', async () => {
    const { connect, dataDir } = givenDockerHost('docker://acme/plugin:1.0', ['latest'])
    await connect()
    const [running] = await containers(dataDir)
    const inspected =
      typeof engine === 'string' ? undefined : await engine.docker.getContainer(running?.Id ?? '').inspect()
    expect(inspected?.HostConfig).toMatchObject({
      Memory: 268_435_456,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
    })
    expect(inspected?.NetworkSettings.Ports['50051/tcp']?.[0]?.HostIp).toBe('127.0.0.1')
  })

  test('is told by the digest of its image, which a moved tag does not hide', async () => {
    if (typeof engine === 'string') return
    const { docker } = engine
    const idOf = async (name: string) => (await docker.getImage(name).inspect()).Id
    const digest = async () => {
      const { connect, host } = givenDockerHost('docker://acme/moving:1.0', ['1.0'])
      await connect()
      const [report] = await host.reports()
      return report?.imageDigest
    }
    await docker.getImage('acme/plugin:1.0').tag({ repo: 'acme/moving', tag: '1.0' })
    expect(await digest()).toBe(await idOf('acme/plugin:1.0'))

    await docker.getImage('acme/plugin:2.0').tag({ repo: 'acme/moving', tag: '1.0' })
    expect(await digest()).toBe(await idOf('acme/plugin:2.0'))
  })

  test('that dies says so, its last words are in the log, and it is started again', async () => {
    const { connect, host, logged } = givenDockerHost('docker://acme/plugin:1.0', ['latest'])
    const connection = await connect()

    const call = { options: {}, secretData: noSecret }
    const failure = await failureOf(connection.verify(call, never))

    expect(failure).toMatchObject({ code: 'ERROR_PLUGIN_DIED', retryable: true })
    expect(failure.message).toContain('exited with code 7')
    expect(failure.message).not.toContain('last words')
    expect(logged.join()).toContain('last words')
    connection.release()
    await until(() => host.counters().running === 0)
    expect(await failureOf((await connect()).init({}, never))).toMatchObject({ code: 'ERROR_SAID' })
  })

  test('that takes more memory than it may is ended by the engine, and its call says so', async () => {
    const { connect } = givenDockerHost('docker://acme/plugin:1.0', ['latest'], { maxRssMb: 128 })
    const failure = await failureOf(collectNames(await connect()))
    expect(failure).toMatchObject({ code: 'ERROR_PLUGIN_MEMORY', retryable: true })
    expect(failure.message).toContain('was killed for using 128 MiB of memory')
  })

  test('that nobody uses any more is gone with its container, and started again for the next', async () => {
    const { connect, dataDir, host } = givenDockerHost('docker://acme/plugin:1.0', ['latest'], { idleMs: 1 })
    ;(await connect()).release()
    await until(() => host.counters().running === 0)
    for (let left = await containers(dataDir); left.length > 0; left = await containers(dataDir));
    expect(await failureOf((await connect()).init({}, never))).toMatchObject({ code: 'ERROR_SAID' })
    expect(host.counters()).toMatchObject({ deaths: 0 })
  })

  test('that does not start is quoted, and leaves nothing behind', async () => {
    const { connect, dataDir } = givenDockerHost('docker://acme/broken:1.0', ['latest'])
    const failure = await failureOf(connect())
    expect(failure).toMatchObject({ code: 'ERROR_PLUGIN_START' })
    expect(failure.message).toMatch(/exited with code 3.*cannot find the answer/)
    expect(await containers(dataDir)).toEqual([])
  })

  test('whose image is nowhere is named', async () => {
    const { connect } = givenDockerHost('docker://127.0.0.1:1/acme/nothing:1.0', ['latest'])
    expect((await failureOf(connect())).message).toContain("127.0.0.1:1/acme/nothing:1.0' could not be run")
  })

  test('has the tags that its engine has as versions, where no registry can be asked', async () => {
    const settings = { dockerSocket: socket, allowedRuntimes: ['docker'] } as const
    const lister = createVersionLister({ dataDir: givenFolder(), settings })
    expect(await lister.list('docker://acme/plugin:{version}', never)).toEqual(['2.0', '1.0'])
  })

  test.skipIf(typeof registry === 'string')(
    'of a private registry is listed and pulled with the credential in the configuration of Docker',
    async () => {
      if (typeof registry === 'string') return
      const repository = `${registry.host}/acme/plugin`
      const { username, password } = registry.credential
      const authconfig = { username, password, serveraddress: registry.host }
      for (const tag of ['1.0', '2.0']) await engine.addText(`${repository}:${tag}`, tag)
      for (const tag of ['1.0', '2.0']) await engine.push(`${repository}:${tag}`, authconfig)
      for (const tag of ['1.0', '2.0']) await engine.docker.getImage(`${repository}:${tag}`).remove()
      const dockerConfig = join(givenFolder(), 'config.json')
      const auth = Buffer.from(`${username}:${password}`).toString('base64')
      writeFileSync(dockerConfig, JSON.stringify({ auths: { [registry.host]: { auth } } }))
      const settings = { dockerSocket: socket, dockerConfig, allowedRuntimes: ['docker'] } as const

      const lister = createVersionLister({ dataDir: givenFolder(), settings })
      expect(await lister.list(`docker://${repository}`, never)).toEqual(['2.0', '1.0'])

      const wanted = { repository, tag: '2.0', env: {}, signal: never }
      const nobody = { ...settings, dockerConfig: undefined }
      await expect(pullImage(engine.docker, { ...wanted, settings: nobody })).rejects.toThrow(
        /no basic auth|unauthorized/,
      )
      await pullImage(engine.docker, { ...wanted, settings })
      const { RepoTags } = await engine.docker.getImage(`${repository}:2.0`).inspect()
      expect(RepoTags).toContain(`${repository}:2.0`)
      const image = `${repository}:2.0`
      const digest = await readImageDigest(engine.docker, { imageId: image, image })
      const { RepoDigests } = await engine.docker.getImage(image).inspect()
      expect(RepoDigests).toContain(`${repository}@${digest}`)
    },
  )

  test('that a killed server left is removed by the next that uses its data folder', async () => {
    if (typeof engine === 'string') return
    const dataDir = givenFolder()
    const Labels = { 'gleaner.data-dir': dataDir, 'gleaner.process': String(2 ** 22 + 1) }
    const left = await engine.docker.createContainer({ Image: 'acme/plugin:1.0', Labels })
    await left.start()

    await givenDockerHost('docker://acme/plugin:2.0', ['latest'], { dataDir }).connect()

    expect((await containers(dataDir)).map(({ Id }) => Id)).not.toContain(left.id)
  })
})

test.each([
  ['acme', { repository: 'acme', tag: '' }],
  ['acme/plugin:1.0', { repository: 'acme/plugin', tag: '1.0' }],
  ['registry.example:5000/acme/plugin', { repository: 'registry.example:5000/acme/plugin', tag: '' }],
  [
    'registry.example:5000/acme/plugin:v2_b',
    { repository: 'registry.example:5000/acme/plugin', tag: 'v2_b' },
  ],
])('%s is an image', (text, reference) => {
  expect(parseReference(text)).toEqual(reference)
})

test.each(['', 'Acme', 'acme:a b', 'acme@sha256:00', '../acme', 'acme:a/b'])('%j is none', (text) => {
  const reference = parseReference(text)
  expect(reference).toBeTypeOf('string')
})
