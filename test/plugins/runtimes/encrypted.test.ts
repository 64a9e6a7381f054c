import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createSecureServer } from 'node:http2'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { failureOf, givenFolder, givenHost, never, recordOf } from '../support.ts'

const hasOpenssl = canRun('openssl', ['version'])
if (!hasOpenssl) console.warn('SKIPPED: openssl is missing, which makes the certificate')

/** A gRPC server in TLS with a certificate of its own making, which fails every call with its words. */
async function givenEncryptedPlugin({ asksWhoCalls = false } = {}) {
  const folder = givenFolder()
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')]
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  const flags = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  execFileSync('openssl', ['req', '-x509', ...flags, '-keyout', key, '-out', certificate, ...names], {
    stdio: 'pipe',
  })
  const identity = { key: readFileSync(key), cert: readFileSync(certificate) }
  // The caller shows the same certificate, which is its own authority.
  const wanted = { requestCert: true, rejectUnauthorized: true, ca: identity.cert }
  const server = createSecureServer({ ...identity, ...(asksWhoCalls ? wanted : {}) })
  server.on('stream', (stream) =>
    stream.respond(
      {
        ':status': 200,
        'content-type': 'application/grpc',
        'grpc-status': '9',
        'grpc-message': 'ERROR_SAID: hello',
      },
      { endStream: true },
    ),
  )
  await once(server.listen(0, 'localhost'), 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  return { caFile: certificate, keyFile: key, image: `grpc+ssl://localhost:${port}` }
}

test.skipIf(!hasOpenssl)('a plugin behind TLS is called when its certificate is trusted', async () => {
  const { caFile, image } = await givenEncryptedPlugin()
  const { host } = givenHost([recordOf('tls', { image })], { caFile, idleMs: 0 })
  const connection = await host.connect({ pluginId: 'plugin-tls' }, never)
  expect(await failureOf(connection.init({}, never))).toMatchObject({ code: 'ERROR_SAID' })
  connection.release()
})

test.skipIf(!hasOpenssl)('a plugin behind TLS is not spoken to when it is not', async () => {
  const { image } = await givenEncryptedPlugin()
  const { host } = givenHost([recordOf('tls', { image })])
  const failure = await failureOf(host.connect({ pluginId: 'plugin-tls' }, never))
  expect(failure).toMatchObject({ kind: 'unavailable', during: 'connect' })
  expect(failure.message).toContain('SELF_SIGNED')
})

function canRun(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

test.skipIf(!hasOpenssl)('a plugin that asks who calls is shown the certificate of this server', async () => {
  const { image, caFile, keyFile } = await givenEncryptedPlugin({ asksWhoCalls: true })
  const record = recordOf('encrypted', { image })
  const ref = { pluginId: record.pluginId }

  const { host } = givenHost([record], { caFile, certFile: caFile, keyFile })
  expect(await failureOf((await host.connect(ref, never)).init({}, never))).toMatchObject({
    code: 'ERROR_SAID',
  })

  const { host: nobody } = givenHost([record], { caFile, connectTimeoutMs: 1_000 })
  await expect(nobody.connect(ref, never).then((plugin) => plugin.init({}, never))).rejects.toThrow()
})
