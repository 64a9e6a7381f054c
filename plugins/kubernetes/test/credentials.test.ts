import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { collectFrom, startPlugin } from '@gleaner/sdk/testing'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { stringify } from 'yaml'
import { readAccess } from '../src/credentials/access.ts'
import { readKubeconfig } from '../src/credentials/kubeconfig.ts'
import { readServiceAccount } from '../src/credentials/service-account.ts'
import { startCluster } from './cluster.ts'
import { OBJECTS } from './objects.ts'

const folder = mkdtempSync(join(tmpdir(), 'gleaner-kube-'))
afterAll(() => rmSync(folder, { recursive: true }))

const base64 = (text: string) => Buffer.from(text).toString('base64')

function kubeconfig(cluster: object, user: object): string {
  return stringify({
    'current-context': 'here',
    contexts: [{ name: 'here', context: { cluster: 'c', user: 'u' } }],
    clusters: [{ name: 'c', cluster: { server: 'https://10.0.0.1:6443', ...cluster } }],
    users: [{ name: 'u', user }],
  })
}

describe('a kubeconfig', () => {
  test('gives the server, the authority and the token of its current context', () => {
    const text = kubeconfig(
      { 'certificate-authority-data': base64('PEM'), 'tls-server-name': 'api' },
      { token: 't' },
    )
    expect(readKubeconfig(text)).toMatchObject({
      server: new URL('https://10.0.0.1:6443'),
      token: 't',
      connection: { ca: 'PEM', serverName: 'api', isUnverified: false },
    })
  })

  test.each([
    [{}, { exec: { command: 'cat' } }, 'users.exec runs a program'],
    [{}, { tokenFile: '/etc/passwd' }, 'users.tokenFile names a file'],
    [{}, { 'client-certificate': '/a', 'client-key': '/b' }, 'users.client-key names a file'],
    [{ 'certificate-authority': '/etc/ca' }, {}, 'clusters.certificate-authority names a file'],
    [{ server: 'file:///etc/passwd' }, {}, 'clusters.server must be an address'],
    [{}, { 'client-certificate-data': base64('x') }, 'go together'],
  ])('that only points elsewhere is refused: %j %j', (cluster, user, reason) => {
    expect(() => readKubeconfig(kubeconfig(cluster, user))).toThrow(reason)
  })

  test('that is none is refused without a word of it', () => {
    expect(() => readKubeconfig('a: [needle')).toThrow(/^secret_data.kubeconfig is no YAML$/)
    expect(() => readKubeconfig(kubeconfig({}, {}), 'there')).toThrow("has no 'there' among its contexts")
  })
})

test('one way in is needed, and not two', async () => {
  await expect(readAccess({})).rejects.toThrow('exactly one of kubeconfig, server, in_cluster')
  await expect(readAccess({ server: 'https://a', in_cluster: true })).rejects.toThrow(
    'not server and in_cluster',
  )
  await expect(readAccess({ server: 'https://a', client_key: 'x' })).rejects.toThrow('go together')
})

test('the service account of a pod is read from its folder', async () => {
  writeFileSync(join(folder, 'token'), 'of-the-pod\n')
  writeFileSync(join(folder, 'ca.crt'), 'PEM')
  expect(await readServiceAccount(folder)).toMatchObject({ token: 'of-the-pod', connection: { ca: 'PEM' } })
  await expect(readServiceAccount(join(folder, 'none'))).rejects.toThrow('cannot be read (ENOENT)')
})

const hasOpenssl = (() => {
  try {
    execFileSync('openssl', ['version'])
    return true
  } catch {
    return false
  }
})()
if (!hasOpenssl) console.warn('openssl is missing: client certificates were NOT tested')

function givenCertificate(name: string): { cert: string; key: string } {
  const [cert, key] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)]
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  const names = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1']
  execFileSync('openssl', ['req', '-x509', ...curve, ...names, '-keyout', key, '-out', cert])
  return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') }
}

test.runIf(hasOpenssl)('a client certificate opens a cluster whose authority only it knows', async () => {
  const [server, reader] = [givenCertificate('api'), givenCertificate('reader')]
  const cluster = await startCluster(OBJECTS, { ...server, ca: reader.cert, requestCert: true })
  onTestFinished(cluster.stop)
  const plugin = await startPlugin(join(import.meta.dirname, '../src/plugin.ts'))
  onTestFinished(() => void plugin.stop())
  const given = { server: cluster.server, client_certificate: reader.cert, client_key: reader.key }
  const known = await collectFrom(plugin.port, { secretData: { ...given, ca: server.cert } })
  expect(known.error).toBeUndefined()
  expect(new Set(cluster.state.asked.map(({ user }) => user))).toEqual(new Set(['reader']))
  const unknown = await collectFrom(plugin.port, { secretData: given })
  expect(unknown.error?.details).toMatch(/^ERROR_CONNECTION: .* self-signed certificate/)
})
