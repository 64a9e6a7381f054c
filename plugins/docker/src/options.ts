import type { CallContext, FromSchema, ObjectSchema } from '@gleaner/sdk'

export const OPTIONS = {
  type: 'object',
  properties: {
    engine: {
      type: 'string',
      default: 'unix:///var/run/docker.sock',
      description:
        'Where the engine listens: `unix://PATH` on the machine of the worker, `tcp://HOST:PORT` or, with TLS, `https://HOST:PORT`.',
    },
  },
} as const satisfies ObjectSchema

export const SECRET = {
  type: 'object',
  properties: {
    ca: { type: 'string', description: 'Authority of the engine’s certificate, in PEM.' },
    client_certificate: { type: 'string', description: 'Proves who calls, in PEM.' },
    client_key: { type: 'string', description: 'Its key, in PEM.' },
  },
} as const satisfies ObjectSchema

export type Context = CallContext<FromSchema<typeof OPTIONS>, FromSchema<typeof SECRET>>
