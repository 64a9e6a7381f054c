import { z } from 'zod'
import type { Options } from './option.ts'

/** A number of something at a time, or a second; 0 is no limit. */
function atMost(most: number, usual: number) {
  return z.coerce.number().int().min(0).max(most).default(usual)
}

/** How much callers may ask of a process with the role api. */
export const LOAD_OPTIONS = {
  maxRequests: {
    env: 'GLEANER_MAX_REQUESTS',
    about:
      'Requests that this process answers at the same time, of all domains; as they fill up, the domain that has most of them is refused first. 0 is no limit.',
    schema: atMost(1_000_000, 2_000),
  },
  maxRequestsPerDomain: {
    env: 'GLEANER_MAX_REQUESTS_PER_DOMAIN',
    about: 'Requests of one domain that this process answers at the same time; 0 is no limit.',
    schema: atMost(1_000_000, 1_000),
  },
  requestRatePerDomain: {
    env: 'GLEANER_REQUEST_RATE_PER_DOMAIN',
    about:
      'Requests of one domain a second that this process answers in the long run; ten seconds’ worth of them may come at once. 0 is no limit.',
    schema: atMost(1_000_000, 1_000),
  },
  maxStreams: {
    env: 'GLEANER_MAX_STREAMS',
    about:
      'Streams, such as of events, that are open at the same time in this process, of all domains; shared out as requests are. 0 is no limit.',
    schema: atMost(1_000_000, 1_000),
  },
  maxStreamsPerDomain: {
    env: 'GLEANER_MAX_STREAMS_PER_DOMAIN',
    about: 'Streams of one domain that are open at the same time in this process; 0 is no limit.',
    schema: atMost(1_000_000, 500),
  },
} as const satisfies Options
