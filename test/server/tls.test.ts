import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import https from 'node:https'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { connect } from 'node:tls'
import { Client, credentials } from '@grpc/grpc-js'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { readTls, watchTls } from '../../src/server/tls.ts'
import { startApi } from '../support/api-server.ts'
import { silentLog } from '../support/silent-log.ts'
import { regionService } from './region-service.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'gleaner-tls-'))
afterAll(() => rmSync(folder, { recursive: true }))

const hasOpenssl = canRun('openssl')
if (!hasOpenssl) console.warn('openssl is missing: TLS was NOT tested')

function canRun(program: string): boolean {
  try {
    execFileSync(program, ['version'])
    return true
  } catch {
    return false
  }
}

function givenCertificate(name: string): { certFile: string; keyFile: string } {
  const [certFile, keyFile] = [path.join(folder, `${name}.crt`), path.join(folder, `${name}.key`)]
  execFileSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
    ...['-keyout', keyFile, '-out', certFile],
  ])
  return { certFile, keyFile }
}

test.runIf(hasOpenssl)('both ports speak TLS with the configured certificate', async () => {
  const { certFile, keyFile } = givenCertificate('both')
  const ca = readFileSync(certFile)
  const api = await startApi([regionService().service], { tlsCert: certFile, tlsKey: keyFile })
  onTestFinished(() => api.stop())
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>()
  https
    .get({ host: '127.0.0.1', port: api.httpPort, path: '/openapi.json', ca }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    })
    .on('error', reject)
  expect(await promise).toBe(200)
  await expect(fetch(`http://127.0.0.1:${api.httpPort}/openapi.json`)).rejects.toThrow()

  const client = new Client(`localhost:${api.grpcPort}`, credentials.createSsl(ca))
  onTestFinished(() => client.close())
  await new Promise<void>((done, fail) =>
    client.waitForReady(Date.now() + 20_000, (error) => (error ? fail(error) : done())),
  )
})

test.runIf(hasOpenssl)('a changed certificate is used for connections that come after it', async () => {
  const files = givenCertificate('first')
  const next = givenCertificate('second')
  const server = https.createServer(readTls(files))
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const endWatch = watchTls(files, silentLog, (pair) => server.setSecureContext(pair), 20)
  onTestFinished(() => {
    endWatch()
    server.close()
  })
  expect(await nameOf(server)).toBe('first')
  // For a moment certificate and key do not belong together; nothing breaks by it.
  copyFileSync(next.certFile, files.certFile)
  expect(await nameOf(server)).toBe('first')
  copyFileSync(next.keyFile, files.keyFile)
  await expect.poll(() => nameOf(server)).toBe('second')
})

test.runIf(hasOpenssl)('files that do not belong together keep the server from starting', () => {
  const { certFile } = givenCertificate('one')
  const { keyFile } = givenCertificate('other')
  expect(() => readTls({ certFile, keyFile })).toThrow(/cannot be used/)
  expect(() => readTls({ certFile: '/nowhere', keyFile })).toThrow(/'\/nowhere'/)
})

/** The common name of the certificate that a new connection is shown. */
function nameOf(server: https.Server): Promise<string> {
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN))
      socket.end()
    }).on('error', reject)
  })
}
