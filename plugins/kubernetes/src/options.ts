import type { CallContext, FromSchema, ObjectSchema } from '@gleaner/sdk'

export const OPTIONS = {
  type: 'object',
  properties: {
    cluster: {
      type: 'string',
      description:
        'What to call the cluster: the account of everything in it. Default: the id of its namespace `kube-system`, which no two clusters share.',
    },
    namespaces: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description:
        'Only what lies in these, for a credential that may see no more. Default: the whole cluster.',
    },
    exclude: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description:
        'Kinds to leave out, as `kubectl api-resources` calls them: `secrets`, `ingresses.networking.k8s.io`, `*.example.com`.',
    },
    page_size: {
      type: 'integer',
      minimum: 1,
      maximum: 10_000,
      default: 500,
      description: 'Objects to ask for at once.',
    },
  },
} as const satisfies ObjectSchema

export const SECRET = {
  type: 'object',
  properties: {
    kubeconfig: {
      type: 'string',
      description:
        'The text of a kubeconfig that holds its certificates and tokens. Either this, or `server`, or `in_cluster`.',
    },
    context: { type: 'string', description: 'Which context of the kubeconfig. Default: its current one.' },
    server: { type: 'string', description: 'Address of the API server.' },
    token: { type: 'string', description: 'Of a service account; sent to `server`.' },
    ca: { type: 'string', description: 'Authority of the API server’s certificate, in PEM.' },
    client_certificate: { type: 'string', description: 'Proves who calls, in PEM, in place of a token.' },
    client_key: { type: 'string', description: 'Its key, in PEM.' },
    in_cluster: {
      type: 'boolean',
      description: 'Use the service account of the pod that the worker runs in.',
    },
  },
} as const satisfies ObjectSchema

export type Options = FromSchema<typeof OPTIONS>
export type Secret = FromSchema<typeof SECRET>
export type Context = CallContext<Options, Secret>
