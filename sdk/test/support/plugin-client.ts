import {
  create,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf'
import { EmptySchema } from '@bufbuild/protobuf/wkt'
import { type CallOptions, Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js'
import {
  CollectRequestSchema as ExtensionRequestSchema,
  PlanSchema,
} from '../../src/gen/gleaner/plugin/v1/extension_pb.ts'
import {
  CollectRequestSchema,
  InitRequestSchema,
  PluginInfoSchema,
  type ResourceInfo,
  ResourceInfoSchema,
  VerifyRequestSchema,
} from '../../src/gen/spaceone/api/inventory/plugin/collector_pb.ts'
import { GetTaskRequestSchema, TasksInfoSchema } from '../../src/gen/spaceone/api/inventory/plugin/job_pb.ts'

const COLLECTOR = '/spaceone.api.inventory.plugin.Collector'
const EXTENSION = '/gleaner.plugin.v1.Extension'
const JOB = '/spaceone.api.inventory.plugin.Job'

/** How a stream ended: what came, as messages and as bytes, and the error if there was one. */
export type Collected = {
  readonly messages: readonly ResourceInfo[]
  readonly bytes: Buffer
  readonly error: ServiceError | undefined
}

type CollectInput = MessageInitShape<typeof CollectRequestSchema>

export function encodeCollect(input: CollectInput): Buffer {
  return Buffer.from(toBinary(CollectRequestSchema, create(CollectRequestSchema, input)))
}

/** A client of the plugin protocol on generated code, which is the judge of what the SDK encodes by hand. */
export class PluginClient {
  readonly #client: Client

  constructor(port: number) {
    this.#client = new Client(`127.0.0.1:${port}`, credentials.createInsecure())
  }

  init(input: MessageInitShape<typeof InitRequestSchema> = {}) {
    return this.#unary(`${COLLECTOR}/init`, InitRequestSchema, PluginInfoSchema, input)
  }

  verify(input: MessageInitShape<typeof VerifyRequestSchema> = {}) {
    return this.#unary(`${COLLECTOR}/verify`, VerifyRequestSchema, EmptySchema, input)
  }

  getTasks(input: MessageInitShape<typeof GetTaskRequestSchema> = {}) {
    return this.#unary(`${JOB}/get_tasks`, GetTaskRequestSchema, TasksInfoSchema, input)
  }

  plan(input: MessageInitShape<typeof ExtensionRequestSchema> = {}) {
    return this.#unary(`${EXTENSION}/plan`, ExtensionRequestSchema, PlanSchema, input)
  }

  /** `SERVING` is 1. */
  async health(service: string): Promise<number> {
    const request =
      service === '' ? Buffer.alloc(0) : Buffer.from([0x0a, service.length, ...Buffer.from(service)])
    const answer = await this.#call('/grpc.health.v1.Health/Check', request)
    return answer[1] ?? 0
  }

  /** Sends bytes that are no message. */
  malformedCollect(): Promise<Collected> {
    return this.#stream(Buffer.from([0x0a, 0x7f, 0x01]), {}, () => {})
  }

  /** Reads a whole stream. `onMessage` may cancel it. Never rejects: the error is part of the result. */
  collect(
    input: CollectInput = {},
    options: CallOptions = {},
    onMessage: (count: number, cancel: () => void) => void = () => {},
  ): Promise<Collected> {
    return this.#stream(encodeCollect(input), options, onMessage)
  }

  close(): void {
    this.#client.close()
  }

  #stream(
    request: Buffer,
    options: CallOptions,
    onMessage: (count: number, cancel: () => void) => void,
  ): Promise<Collected> {
    const call = this.#client.makeServerStreamRequest<Buffer, Buffer>(
      `${COLLECTOR}/collect`,
      asItIs,
      asItIs,
      request,
      new Metadata(),
      options,
    )
    const parts: Buffer[] = []
    return new Promise((resolve) => {
      const end = (error?: ServiceError) => {
        const messages = parts.map((part) => fromBinary(ResourceInfoSchema, part))
        resolve({ messages, bytes: Buffer.concat(parts), error })
      }
      call.on('data', (part: Buffer) => {
        parts.push(part)
        onMessage(parts.length, () => call.cancel())
      })
      call.on('error', end)
      call.on('end', () => end())
    })
  }

  async #unary<I extends DescMessage, O extends DescMessage>(
    path: string,
    input: I,
    output: O,
    value: MessageInitShape<I>,
  ): Promise<MessageShape<O>> {
    const answer = await this.#call(path, Buffer.from(toBinary(input, create(input, value))))
    return fromBinary(output, answer)
  }

  #call(path: string, request: Buffer): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.#client.makeUnaryRequest<Buffer, Buffer>(path, asItIs, asItIs, request, (error, answer) => {
        if (error) reject(error)
        else resolve(answer ?? Buffer.alloc(0))
      })
    })
  }
}

function asItIs(bytes: Buffer): Buffer {
  return bytes
}
