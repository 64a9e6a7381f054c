import type { Config } from './config/index.ts'
import type { LoadLimits } from './server/index.ts'

/** How much callers may ask at once, as the configuration says. */
export function toLoadLimits(config: Config): LoadLimits {
  const { maxRequests, maxRequestsPerDomain, requestRatePerDomain, maxStreams, maxStreamsPerDomain } = config
  return {
    maxRequests,
    maxRequestsPerDomain,
    requestsPerSecondPerDomain: requestRatePerDomain,
    maxStreams,
    maxStreamsPerDomain,
  }
}
