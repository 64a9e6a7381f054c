/** The statuses of gRPC that a plugin answers with. */
export const GRPC_STATUS = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const

export type StatusName = keyof typeof GRPC_STATUS

/** How a call ends: the status, and words for whoever made it. */
export type CallStatus = { readonly status: StatusName; readonly details: string }

export const OK: CallStatus = { status: 'OK', details: '' }
