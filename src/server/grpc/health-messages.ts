import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire'

/** `HealthCheckResponse.ServingStatus` of grpc.health.v1. */
export const SERVING_STATUS = { SERVING: 1, NOT_SERVING: 2, SERVICE_UNKNOWN: 3 } as const
export type ServingStatus = (typeof SERVING_STATUS)[keyof typeof SERVING_STATUS]

/**
 * The service that a HealthCheckRequest asks about; '' for the whole server. Throws when the bytes are no
 * message.
 */
export function readHealthRequest(bytes: Uint8Array): string {
  const reader = new BinaryReader(bytes)
  let service = ''
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag()
    if (field === 1 && wireType === WireType.LengthDelimited) service = reader.string()
    else reader.skip(wireType, field)
  }
  return service
}

/** A HealthCheckResponse. */
export function writeHealthResponse(status: ServingStatus): Buffer {
  return Buffer.from(new BinaryWriter().tag(1, WireType.Varint).int32(status).finish())
}

/** A HealthListResponse: a map from services to HealthCheckResponses. */
export function writeHealthList(statuses: ReadonlyMap<string, ServingStatus>): Buffer {
  const writer = new BinaryWriter()
  for (const [service, status] of statuses) {
    writer.tag(1, WireType.LengthDelimited).fork()
    writer.tag(1, WireType.LengthDelimited).string(service)
    writer.tag(2, WireType.LengthDelimited).bytes(writeHealthResponse(status))
    writer.join()
  }
  return Buffer.from(writer.finish())
}
