import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { listImageVersions } from '../../../src/plugins/docker/list-versions.ts'
import { parseReference } from '../../../src/plugins/docker/reference.ts'
import { locateRegistry } from '../../../src/plugins/docker/registry/registry-location.ts'
import { startDebianRegistry } from '../../support/debian-registry.ts'
import { type RegistryRules, startImageRegistry } from '../../support/image-registry.ts'
import { givenFolder, never } from '../support.ts'

const debian = await startDebianRegistry()
if (typeof debian === 'string')
  console.warn(`SKIPPED: tags of a registry of Debian were not listed: ${debian}`)
else afterAll(debian.stop)

const credential = { username: 'robot', password: 'pass:word' }

async function givenRegistry(rules: RegistryRules = {}) {
  const registry = await startImageRegistry(rules)
  onTestFinished(() => registry.stop())
  return registry
}

/** A configuration of Docker with a credential for a registry. */
function givenConfig(host: string, { username, password } = credential): string {
  const path = join(givenFolder(), 'config.json')
  const auth = Buffer.from(`${username}:${password}`).toString('base64')
  writeFileSync(path, JSON.stringify({ auths: { [host]: { auth } } }))
  return path
}

/** What is listed without an engine on this machine. */
async function listed(image: string, dockerConfig?: string): Promise<readonly string[] | string> {
  const reference = parseReference(image)
  if (typeof reference === 'string') return reference
  const dockerSocket = join(givenFolder(), 'none.sock')
  const settings = { dockerSocket, dockerConfig, caFile: undefined }
  return await listImageVersions({ reference, settings, env: {}, signal: never }).catch(
    (error: Error) => error.message,
  )
}

describe('the versions of an image', () => {
  test('are the tags of its registry, newest first, without signatures and what is no version', async () => {
    const { host, images } = await givenRegistry()
    images.set('acme/plugin', ['1.9.0', '1.10.0', '_scratch', `sha256-${'0'.repeat(64)}.sig`, 'latest'])

    expect(await listed(`${host}/acme/plugin`)).toEqual(['1.10.0', '1.9.0', 'latest'])
  })

  test('are read to the last page', async () => {
    const { host, images, requests } = await givenRegistry({ perPage: 40, scheme: 'bearer' })
    const tags = Array.from({ length: 100 }, (_, at) => `1.${at}.0`)
    images.set('acme/plugin', tags)

    expect(await listed(`${host}/acme/plugin`)).toEqual(tags.toReversed())
    expect(requests.filter((path) => path.startsWith('/token'))).toHaveLength(1)
  })

  test.each(['bearer', 'basic'] as const)('of a private registry take a credential: %s', async (scheme) => {
    const { host, images } = await givenRegistry({ scheme, credential })
    images.set('acme/plugin', ['1.0.0'])

    expect(await listed(`${host}/acme/plugin`, givenConfig(host))).toEqual(['1.0.0'])
    const refused = await listed(
      `${host}/acme/plugin`,
      givenConfig(host, { ...credential, password: 'stolen' }),
    )
    expect(refused).toMatch(/401/)
    expect(refused).not.toContain('stolen')
    expect(await listed(`${host}/acme/plugin`)).toMatch(/401|credential/)
  })

  test('whose next page is elsewhere are not taken from there', async () => {
    const other = await givenRegistry()
    const nextAt = `http://${other.host}/v2/acme/plugin/tags/list?n=1`
    const { host, images } = await givenRegistry({ perPage: 1, nextAt, scheme: 'bearer' })
    images.set('acme/plugin', ['1', '2'])

    expect(await listed(`${host}/acme/plugin`)).toContain('at another server')
    expect(other.requests).toEqual([])
  })

  test('of an image with a tag is that tag, and nobody is asked', async () => {
    expect(await listed('127.0.0.1:1/acme/plugin:1.0')).toEqual(['1.0'])
  })

  test.each([
    ['127.0.0.1:1/acme/plugin', 'registry 127.0.0.1:1: http://127.0.0.1:1 cannot be reached (ECONNREFUSED)'],
    ['acme/plugin', 'names no registry'],
  ])('of %s cannot be listed, and the reason is told', async (image, reason) => {
    expect(await listed(image)).toContain(reason)
  })

  test('of an image that the registry does not have are refused in its words', async () => {
    const { host } = await givenRegistry()
    expect(await listed(`${host}/acme/nothing`)).toContain(
      'it answered 404: NAME_UNKNOWN repository name not known',
    )
  })

  test.skipIf(typeof debian === 'string')(
    'are listed by the registry that Debian ships, with a password',
    async () => {
      if (typeof debian === 'string') return
      const { host } = debian
      expect(await listed(`${host}/acme/plugin`)).toContain('wants a credential')
      expect(await listed(`${host}/acme/plugin`, givenConfig(host, debian.credential))).toContain(
        'NAME_UNKNOWN',
      )
    },
  )
})

const nobody = { defaultHost: 'index.example', plainHosts: new Set(['registry.example:5000']) }

test.each([
  ['acme', 'https://index.example', 'library/acme'],
  ['acme/plugin', 'https://index.example', 'acme/plugin'],
  ['registry.example/acme/plugin', 'https://registry.example', 'acme/plugin'],
  ['registry.example:5000/plugin', 'http://registry.example:5000', 'plugin'],
  ['localhost/plugin', 'http://localhost', 'plugin'],
  ['127.0.0.1:5000/acme/plugin', 'http://127.0.0.1:5000', 'acme/plugin'],
])('%s is at %s', (repository, origin, name) => {
  expect(locateRegistry(repository, nobody)).toMatchObject({ origin, name })
})
