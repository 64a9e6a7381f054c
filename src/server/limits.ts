/** What one request may hold. Both transports measure the same way: in levels and keys of its JSON form. */
export type RequestLimits = {
  /** Bytes of a request after decompression. Default 4 MiB, gRPC's own default. */
  readonly maxBytes: number
  /**
   * Levels of nesting, the request itself being the first. Default 100. JSON.stringify fails at 10,000 and
   * jsonb at 50,000, so anything deeper would be accepted here and break further in.
   */
  readonly maxDepth: number
  /** Keys of all objects together. Default 50,000. */
  readonly maxKeys: number
}

export const DEFAULT_LIMITS: RequestLimits = {
  maxBytes: 4 * 1024 * 1024,
  maxDepth: 100,
  maxKeys: 50_000,
}
