import { fromBinary } from '@bufbuild/protobuf'
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { JobProgress } from '../../../src/gen/gleaner/v1/job_pb.ts'
import { implementService } from '../../../src/server/index.ts'
import { startApi, type TestApi } from '../../support/api-server.ts'
import { regionService } from '../region-service.ts'

const REGION_FILE = 'spaceone/api/inventory/v1/region.proto'

let api: TestApi
beforeAll(async () => {
  const progress = implementService(JobProgress, {
    get: { access: { permission: 'read', domain: 'required' }, handle: async () => ({}) },
  })
  api = await startApi([regionService().service, progress])
})
afterAll(() => api.stop())

describe.each(['grpc.reflection.v1', 'grpc.reflection.v1alpha'])('%s', (version) => {
  test('lists the services of spaceone and no others', async () => {
    const [answer] = await reflect(version, [text(7, '')])
    expect(servicesIn(answer)).toEqual(['spaceone.api.inventory.v1.Region'])
  })

  test.each([
    ['spaceone.api.inventory.v1.Region', REGION_FILE],
    ['spaceone.api.inventory.v1.Region.get', REGION_FILE],
    ['spaceone.api.inventory.v1.RegionInfo', REGION_FILE],
    ['.spaceone.api.inventory.v1.RegionInfo.region_id', REGION_FILE],
    ['gleaner.v1.JobProgress', 'gleaner/v1/job.proto'],
    ['google.api.http', 'google/api/annotations.proto'],
    ['google.protobuf.Struct', 'google/protobuf/struct.proto'],
    ['google.protobuf.NULL_VALUE', 'google/protobuf/struct.proto'],
  ])('answers the symbol %s with its file first and every import behind it', async (symbol, file) => {
    const [answer] = await reflect(version, [text(4, symbol)])
    const files = filesIn(answer)
    const names = files.map((each) => each.name)
    expect(names[0]).toBe(file)
    expect(new Set(names).size).toBe(names.length)
    for (const each of files) expect(names).toEqual(expect.arrayContaining(each.dependency))
  })

  test('answers a file by its name, with the HTTP annotations as they were compiled', async () => {
    const [answer] = await reflect(version, [text(3, REGION_FILE)])
    const [file] = filesIn(answer)
    const get = file?.service[0]?.method.find((method) => method.name === 'get')
    const option = get?.options?.$unknown?.map((field) => Buffer.from(field.data).toString('latin1')).join()
    expect(file?.service[0]?.name).toBe('Region')
    expect(option).toContain('/inventory/v1/region/get')
  })

  test('answers extensions by number, and their numbers', async () => {
    const extension = new BinaryWriter()
      .tag(1, WireType.LengthDelimited)
      .string('google.protobuf.MethodOptions')
      .tag(2, WireType.Varint)
      .int32(72295728)
      .finish()
    const [byNumber, numbers] = await reflect(version, [
      field(5, extension),
      text(6, 'google.protobuf.MethodOptions'),
    ])
    expect(filesIn(byNumber)[0]?.name).toBe('google/api/annotations.proto')
    expect(extensionNumbersIn(numbers)).toEqual([72295728])
  })

  test.each([
    ['an unknown symbol', text(4, 'no.such.Thing'), 5],
    ['an unknown file', text(3, 'no/such.proto'), 5],
    ['an unknown extension', field(5, Buffer.from([0x0a, 1, 0x61, 0x10, 1])), 5],
    ['extensions of an unknown type', text(6, 'no.such.Thing'), 5],
    ['nothing at all', new Uint8Array(), 3],
    ['bytes that are no message', Uint8Array.of(0xff), 3],
  ])('answers %s with an error and goes on', async (_what, request, code) => {
    const [answer, next] = await reflect(version, [request, text(4, 'google.protobuf.Empty')])
    expect(errorIn(answer)).toBe(code)
    expect(filesIn(next)[0]?.name).toBe('google/protobuf/empty.proto')
  })
})

/** Sends the requests on one stream and collects as many answers. */
function reflect(version: string, requests: readonly Uint8Array[]): Promise<Buffer[]> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer[]>()
  const asIs = (bytes: Buffer) => bytes
  const call = api.grpcClient.makeBidiStreamRequest(
    `/${version}.ServerReflection/ServerReflectionInfo`,
    asIs,
    asIs,
  )
  const answers: Buffer[] = []
  call.on('data', (bytes: Buffer) => answers.push(bytes))
  call.on('error', reject)
  call.on('end', () => resolve(answers))
  for (const request of requests) call.write(Buffer.from(request))
  call.end()
  return promise
}

function field(number: number, bytes: Uint8Array): Uint8Array {
  return new BinaryWriter().tag(number, WireType.LengthDelimited).bytes(bytes).finish()
}

function text(number: number, value: string): Uint8Array {
  return field(number, Buffer.from(value))
}

/** The length-delimited or numeric contents of one field of a message. */
function contents(bytes: Uint8Array | undefined, wanted: number): (Uint8Array | number)[] {
  const reader = new BinaryReader(bytes ?? new Uint8Array())
  const found: (Uint8Array | number)[] = []
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag()
    if (number !== wanted) reader.skip(wireType, number)
    else found.push(wireType === WireType.Varint ? reader.int32() : reader.bytes())
  }
  return found
}

function messages(bytes: Uint8Array | undefined, wanted: number): Uint8Array[] {
  return contents(bytes, wanted).filter((each) => typeof each !== 'number')
}

function filesIn(answer: Uint8Array | undefined) {
  const [files] = messages(answer, 4)
  return messages(files, 1).map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes))
}

function servicesIn(answer: Uint8Array | undefined): string[] {
  const [list] = messages(answer, 6)
  return messages(list, 1).map((service) => Buffer.from(messages(service, 1)[0] ?? []).toString())
}

function extensionNumbersIn(answer: Uint8Array | undefined): (Uint8Array | number)[] {
  const [found] = messages(answer, 5)
  return contents(found, 2)
}

function errorIn(answer: Uint8Array | undefined): Uint8Array | number | undefined {
  const [error] = messages(answer, 7)
  return contents(error, 1)[0]
}
