/** How much callers may ask of this process at once. 0 is no limit. */
export type LoadLimits = {
  /** Requests that are answered at the same time, of all domains together. Default 2,000. */
  readonly maxRequests: number
  /** The same, of one domain. Default 1,000. */
  readonly maxRequestsPerDomain: number
  /**
   * Requests of one domain a second, in the long run: one that asked for less may ask for what it left out in
   * the ten seconds before, at once. Default 1,000.
   */
  readonly requestsPerSecondPerDomain: number
  /** Streams that are open at the same time, of all domains and over both transports. Default 1,000. */
  readonly maxStreams: number
  /** The same, of one domain. Default 500. */
  readonly maxStreamsPerDomain: number
}

export const DEFAULT_LOAD_LIMITS: LoadLimits = {
  maxRequests: 2_000,
  maxRequestsPerDomain: 1_000,
  requestsPerSecondPerDomain: 1_000,
  maxStreams: 1_000,
  maxStreamsPerDomain: 500,
}
