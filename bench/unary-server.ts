/**
 * The server of the unary benchmark, with two bare ones beside it in the same process: a grpc-js handler and
 * a Fastify route that read the same row with the same prepared statement and answer with the same message.
 */
import { create, fromBinary, toBinary, toJson } from '@bufbuild/protobuf'
import { type handleUnaryCall, Server, ServerCredentials } from '@grpc/grpc-js'
import fastify from 'fastify'
import { ensureDomain } from '../src/access/index.ts'
import { startApp } from '../src/app.ts'
import { collectorEntity, createCollector } from '../src/collectors/index.ts'
import { readConfig } from '../src/config/index.ts'
import { newId } from '../src/core/ids.ts'
import {
  CollectorInfoSchema,
  GetCollectorRequestSchema,
} from '../src/gen/spaceone/api/inventory/v1/collector_pb.ts'
import { compileGet } from '../src/query/compile.ts'
import { type StoredRow, toView } from '../src/query/row.ts'
import { createDatabase } from '../src/storage/index.ts'
import { createLogger } from '../src/telemetry/index.ts'

/** Where the servers listen, and what there is to ask for. */
export type Served = {
  readonly httpPort: number
  readonly grpcPort: number
  readonly bareHttpPort: number
  readonly bareGrpcPort: number
  readonly domainId: string
  readonly collectorId: string
}

const DOMAIN = 'domain-00000000000b'
const ports = ['--http-port', '0', '--grpc-port', '0']
// What is measured is how much a server can do, and not how much it lets in.
const unlimited = ['--request-rate-per-domain', '0']
const config = readConfig({
  args: [
    '--data-dir',
    process.argv[2] ?? '',
    '--first-inventory',
    'false',
    '--roles',
    'api',
    ...ports,
    ...unlimited,
    ...process.argv.slice(3),
  ],
  env: {},
  root: process.cwd(),
})
const log = createLogger({ level: 'warn' })
const app = await startApp({ config, log })
const db = createDatabase({ connection: app.database.connection, log })
const collectorId = await givenCollector()
const bareGrpc = new Server()
bareGrpc.addService(
  {
    get: {
      path: '/spaceone.api.inventory.v1.Collector/get',
      requestStream: false,
      responseStream: false,
      requestDeserialize: (bytes: Buffer) => fromBinary(GetCollectorRequestSchema, bytes),
      requestSerialize: (bytes: Buffer) => bytes,
      responseDeserialize: (bytes: Buffer) => bytes,
      responseSerialize: (bytes: Buffer) => bytes,
    },
  },
  { get: answerBare() },
)
const bareRest = fastify()
bareRest.post<{ Body: { domain_id: string; collector_id: string } }>(
  '/inventory/v1/collector/get',
  async ({ body }) => {
    const message = create(CollectorInfoSchema, await readRow(body.domain_id, body.collector_id))
    return toJson(CollectorInfoSchema, message, { alwaysEmitImplicit: true, useProtoFieldName: true })
  },
)

process.on('message', () => void stop())
process.send?.({
  httpPort: app.ports?.httpPort ?? 0,
  grpcPort: app.ports?.grpcPort ?? 0,
  bareHttpPort: await listenRest(),
  bareGrpcPort: await listenGrpc(),
  domainId: DOMAIN,
  collectorId,
} satisfies Served)

function answerBare(): handleUnaryCall<{ domainId: string; collectorId: string }, Buffer> {
  return (call, callback) => {
    readRow(call.request.domainId, call.request.collectorId).then(
      (row) => callback(null, Buffer.from(toBinary(CollectorInfoSchema, create(CollectorInfoSchema, row)))),
      (thrown: Error) => callback(thrown),
    )
  }
}

async function readRow(domainId: string, id: string): Promise<object> {
  const { text, params, selected, name = '' } = compileGet(collectorEntity, { domainId, id, only: [] })
  const [row] = await db.query<StoredRow>(text, params, { name })
  if (row === undefined) throw new Error('the row is gone')
  return toView(selected, row, new Map())
}

async function givenCollector(): Promise<string> {
  await ensureDomain(db, { domainId: DOMAIN, name: 'bench', now: new Date() })
  const ctx = {
    requestId: newId('request'),
    principal: { kind: 'system' as const, role: 'bench' },
    signal: new AbortController().signal,
    db,
    now: () => new Date(),
    log,
  }
  const created = await createCollector(ctx, app.deps, {
    domainId: DOMAIN,
    name: 'This machine',
    priority: undefined,
    tags: { team: 'bench' },
    isPublic: undefined,
    projectId: '',
    plugin: {
      pluginId: 'plugin-host',
      version: '',
      options: {},
      metadata: {},
      upgradeMode: undefined,
      selection: { secretId: '', secretGroupId: '', provider: '', serviceAccountId: '' },
    },
  })
  return created.collectorId ?? ''
}

function listenGrpc(): Promise<number> {
  return new Promise((resolve, reject) => {
    bareGrpc.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    )
  })
}

async function listenRest(): Promise<number> {
  await bareRest.listen({ host: '127.0.0.1', port: 0 })
  const address = bareRest.server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function stop(): Promise<void> {
  bareGrpc.forceShutdown()
  await bareRest.close()
  await db.close()
  await app.stop()
  process.exit()
}
