import { z } from 'zod'
import { list, type Options } from './option.ts'

/** How the server is reached, and by whom. */
export const NETWORK_OPTIONS = {
  host: {
    env: 'GLEANER_HOST',
    about: 'Address that both ports are bound to. Beyond loopback only with an API key.',
    schema: z.string().min(1).default('127.0.0.1'),
  },
  httpPort: {
    env: 'GLEANER_HTTP_PORT',
    about: 'Port of REST, docs and health; 0 takes a free one.',
    schema: z.coerce.number().int().min(0).max(65_535).default(8_080),
  },
  grpcPort: {
    env: 'GLEANER_GRPC_PORT',
    about: 'Port of gRPC; 0 takes a free one.',
    schema: z.coerce.number().int().min(0).max(65_535).default(50_051),
  },
  metricsPort: {
    env: 'GLEANER_METRICS_PORT',
    about:
      'Port of /check and /metrics alone, for processes without the api role; 0 takes a free one. Without it there is none.',
    schema: z.coerce.number().int().min(0).max(65_535).optional(),
  },
  allowedHosts: {
    env: 'GLEANER_ALLOWED_HOSTS',
    about: 'Further names the HTTP port may be called by, separated by commas.',
    schema: list(z.string().min(1)).default([]),
  },
  firstApiKey: {
    env: 'GLEANER_FIRST_API_KEY',
    about: 'Key of the system administrator, stored when there is no API key yet; at least 32 characters.',
    schema: z.string().min(32).regex(/^\S+$/, 'it must not contain spaces').optional(),
    isSecret: true,
  },
  tlsCert: {
    env: 'GLEANER_TLS_CERT',
    about: 'PEM file with the certificate chain for both ports; without it they speak plain text.',
    schema: z.string().min(1).optional(),
  },
  tlsKey: {
    env: 'GLEANER_TLS_KEY',
    about: 'PEM file with the private key of the certificate. Both are read again when they change.',
    schema: z.string().min(1).optional(),
  },
} as const satisfies Options
