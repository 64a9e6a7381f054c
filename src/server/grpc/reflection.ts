import type { handleBidiStreamingCall, Server } from '@grpc/grpc-js'
import { bytesMethod } from './bytes-method.ts'
import { createDescriptorIndex, type DescriptorIndex } from './descriptor-index.ts'
import {
  type ReflectionAnswer,
  type ReflectionRequest,
  readReflectionRequest,
  writeReflectionResponse,
} from './reflection-messages.ts'

/** Both versions are the same bytes under two names; old clients know only v1alpha. */
const VERSIONS = ['grpc.reflection.v1', 'grpc.reflection.v1alpha']

const NOT_FOUND = 5
const INVALID_ARGUMENT = 3

/**
 * Answers what services and types exist. Listed is only `spaceone.*`: old clients import a module of their
 * own for every listed service, and break on one they have none for. The rest is found by name, in an index
 * that is made when somebody asks: it holds the whole contract a second time.
 */
export function addReflectionService(server: Server, serviceNames: readonly string[]): void {
  let index: DescriptorIndex | undefined
  const listed = serviceNames.filter((name) => name.startsWith('spaceone.'))
  const handler: handleBidiStreamingCall<Buffer, Buffer> = (call) => {
    call.on('data', (bytes: Buffer) => {
      index ??= createDescriptorIndex()
      call.write(answerTo(bytes, index, listed))
    })
    call.on('end', () => call.end())
    // The client went away; there is nobody to tell.
    call.on('error', () => {})
  }
  for (const version of VERSIONS) {
    const path = `/${version}.ServerReflection/ServerReflectionInfo`
    server.addService({ info: bytesMethod(path, { request: true, response: true }) }, { info: handler })
  }
}

function answerTo(bytes: Buffer, index: DescriptorIndex, listed: readonly string[]): Buffer {
  let request: ReflectionRequest
  try {
    request = readReflectionRequest(bytes)
  } catch {
    const message = 'the reflection request is not valid protobuf'
    return writeReflectionResponse(bytes, '', { error: { code: INVALID_ARGUMENT, message } })
  }
  return writeReflectionResponse(bytes, request.host, resolve(request, index, listed))
}

function resolve(
  request: ReflectionRequest,
  index: DescriptorIndex,
  listed: readonly string[],
): ReflectionAnswer {
  switch (request.kind) {
    case 'file':
      return filesOr(index.fileByName(request.name), `no file '${request.name}'`)
    case 'symbol':
      return filesOr(index.fileOfSymbol(request.name), `no symbol '${request.name}'`)
    case 'extension':
      return filesOr(
        index.fileOfExtension(request.type, request.number),
        `no extension ${request.number} of '${request.type}'`,
      )
    case 'extensionNumbers': {
      const numbers = index.extensionNumbers(request.type)
      if (numbers === undefined)
        return { error: { code: NOT_FOUND, message: `no message '${request.type}'` } }
      return { extensions: { type: request.type, numbers } }
    }
    case 'services':
      return { services: listed }
    case 'none':
      return { error: { code: INVALID_ARGUMENT, message: 'the reflection request asks for nothing' } }
  }
}

function filesOr(files: readonly Uint8Array[] | undefined, message: string): ReflectionAnswer {
  return files === undefined ? { error: { code: NOT_FOUND, message } } : { files }
}
