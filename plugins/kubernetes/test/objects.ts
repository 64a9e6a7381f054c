import type { KubeObject } from '../src/kube-object.ts'

export const NEEDLES = [
  ...['needle-secret', 'needle-applied', 'needle-original', 'needle-copy', 'needle-packed'],
  ...['needle-config', 'needle-variable', 'needle-flag'],
]

const uid = (name: string) => `uid-${name}`
const meta = (name: string, namespace?: string, more = {}) => ({
  name,
  uid: uid(namespace === undefined ? name : `${namespace}-${name}`),
  ...(namespace === undefined ? {} : { namespace }),
  creationTimestamp: '2026-05-01T08:00:00Z',
  resourceVersion: '4711',
  managedFields: [{ manager: 'kubectl' }],
  ...more,
})

/**
 * A small estate by the paths of its kinds: two namespaces, a node, an application with its secret, and one
 * of a kind of its users'.
 */
export const OBJECTS: Readonly<Record<string, readonly KubeObject[]>> = {
  '/api/v1/namespaces': ['kube-system', 'shop', 'office'].map((name) => ({ metadata: meta(name) })),
  '/api/v1/nodes': [
    {
      metadata: meta('node-1', undefined, { labels: { 'node.kubernetes.io/instance-type': 'm5.large' } }),
      status: {
        addresses: [
          { type: 'InternalIP', address: '10.0.0.4' },
          { type: 'Hostname', address: 'node-1' },
        ],
        conditions: [{ type: 'Ready', status: 'True', lastHeartbeatTime: '2026-05-01T09:00:00Z' }],
        images: [{ names: ['shop:1'] }],
      },
    },
  ],
  '/apis/apps/v1/deployments': [{ metadata: meta('web', 'shop', { labels: { app: 'web' } }), spec: {} }],
  '/apis/apps/v1/replicasets': [
    {
      metadata: meta('web-1', 'shop', {
        ownerReferences: [
          { apiVersion: 'apps/v1', kind: 'Deployment', uid: 'uid-shop-web', controller: true },
        ],
      }),
      spec: { replicas: 5 },
    },
  ],
  '/api/v1/pods': [1, 2, 3, 4, 5].map((count) => ({
    metadata: meta(`web-1-${count}`, count === 5 ? 'office' : 'shop', {
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', uid: 'uid-shop-web-1', controller: true },
      ],
    }),
    spec: {
      nodeName: 'node-1',
      containers: [
        {
          name: 'web',
          args: ['serve', '--api-token=needle-flag'],
          env: [
            { name: 'MODE', value: 'needle-variable' },
            { name: 'KEY', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } },
          ],
        },
      ],
    },
    status: {
      phase: 'Running',
      podIPs: [{ ip: `10.1.0.${count}` }],
      containerStatuses: [{ name: 'web', restartCount: count, ready: true }],
    },
  })),
  '/api/v1/secrets': [
    {
      metadata: meta('db', 'shop', {
        annotations: {
          'kubectl.kubernetes.io/last-applied-configuration': '{"data":"needle-applied"}',
          'kapp.k14s.io/original': '{"data":"needle-original"}',
          'acme.example/copy': '{"kind":"Secret","data":"needle-copy"}',
          'objectset.rio.cattle.io/applied': 'H4sIneedle-packed',
          team: 'x',
        },
      }),
      data: { password: 'needle-secret' },
    },
  ],
  '/api/v1/configmaps': [{ metadata: meta('web', 'shop'), data: { 'app.ini': 'needle-config' } }],
  '/api/v1/events': [{ metadata: meta('web.1', 'shop') }],
  '/apis/apps/v1beta1/controllerrevisions': [{ metadata: meta('web-r1', 'shop') }],
  '/apis/example.com/v1/widgets': [
    {
      metadata: meta('w', 'office'),
      spec: { size: 3, password: 'needle-secret' },
      relations: ['of its own'],
    },
  ],
  '/apis/metrics.k8s.io/v1beta1/pods': [{ metadata: { name: 'web-1-1', namespace: 'shop' } }],
}
