import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { Metadata } from '@grpc/grpc-js'
import { type Failure, toGrpcStatus } from '../errors.ts'

const RETRY_INFO = 'type.googleapis.com/google.rpc.RetryInfo'

/**
 * The status of a failure as grpc-js sends it. Where it says when to come back, that stands in the trailers
 * twice: as `google.rpc.RetryInfo` for who reads details, and as `grpc-retry-pushback-ms`, by which clients
 * with a policy for retries wait.
 */
export function toGrpcError(failure: Failure): ReturnType<typeof toGrpcStatus> & { metadata?: Metadata } {
  const status = toGrpcStatus(failure)
  if (failure.retryAfterMs === undefined) return status
  const retryMs = Math.ceil(failure.retryAfterMs)
  const metadata = new Metadata()
  metadata.set('grpc-retry-pushback-ms', String(retryMs))
  metadata.set('grpc-status-details-bin', writeStatus(status.code, status.details, retryMs))
  return { ...status, metadata }
}

/** A `google.rpc.Status` with a `RetryInfo`: three small messages, which no file of ours describes. */
function writeStatus(code: number, message: string, retryMs: number): Buffer {
  const writer = new BinaryWriter()
  writer.tag(1, WireType.Varint).int32(code)
  writer.tag(2, WireType.LengthDelimited).string(message)
  writer.tag(3, WireType.LengthDelimited).fork()
  writer.tag(1, WireType.LengthDelimited).string(RETRY_INFO)
  writer.tag(2, WireType.LengthDelimited).bytes(writeRetryInfo(retryMs))
  writer.join()
  return Buffer.from(writer.finish())
}

function writeRetryInfo(retryMs: number): Uint8Array {
  const writer = new BinaryWriter()
  writer.tag(1, WireType.LengthDelimited).fork()
  writer.tag(1, WireType.Varint).int64(Math.floor(retryMs / 1_000))
  writer.tag(2, WireType.Varint).int32((retryMs % 1_000) * 1_000_000)
  writer.join()
  return writer.finish()
}
