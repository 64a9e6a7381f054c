import { PluginError } from '@gleaner/sdk'
import { type ClusterApi, createClusterApi } from './cluster-api.ts'
import { readAccess } from './credentials/access.ts'
import { discoverKinds, type Kind } from './discover-kinds.ts'
import { isCollected } from './kind-key.ts'
import type { KubeObject } from './kube-object.ts'
import type { Context } from './options.ts'

/** What a call has to know before it lists anything. */
export type Survey = {
  readonly api: ClusterApi
  /** What the cluster is called, or its id. */
  readonly account: string
  readonly version: Version
  /** Those to list; namespaces and nodes first, because others name them. */
  readonly kinds: readonly Kind[]
  readonly silent: readonly { readonly group: string; readonly error: unknown }[]
  /** How many calls it took to find the kinds. */
  readonly discoveryCalls: number
  /** Host of the API server, which is the name of its API where calls are counted. */
  readonly host: string
}

export type Opened = Pick<Survey, 'api' | 'host'>
export type Discovered = Pick<Survey, 'kinds' | 'silent' | 'discoveryCalls'>

type Version = { readonly gitVersion?: string; readonly platform?: string }

/** By the signal of a call, so that the parts of one call ask the cluster only once. */
const surveys = new WeakMap<AbortSignal, Promise<Survey>>()
const FIRST = ['namespaces', 'nodes']

export function surveyOf(ctx: Context): Promise<Survey> {
  const survey = surveys.get(ctx.signal) ?? makeSurvey(ctx)
  surveys.set(ctx.signal, survey)
  return survey
}

async function makeSurvey(ctx: Context): Promise<Survey> {
  const opened = await openCluster(ctx)
  const [account, version, discovered] = await Promise.all([
    ctx.options.cluster ?? readClusterId(opened.api),
    opened.api<Version>('/version'),
    discover(opened.api, ctx),
  ])
  return { ...opened, ...discovered, account, version }
}

/** Makes the connection to the API server; calls nothing. */
export async function openCluster({ fetchOver, network, secretData }: Context): Promise<Opened> {
  if (secretData.in_cluster) network.assertLocal('secret_data.in_cluster')
  const access = await readAccess(secretData)
  return { api: createClusterApi(access, fetchOver(access.connection)), host: access.server.host }
}

/** Finds the kinds to collect, which everybody may who may log in at all. */
export async function discover(api: ClusterApi, { options, signal }: Context): Promise<Discovered> {
  let discoveryCalls = 0
  const counted: ClusterApi = (path, ask) => {
    discoveryCalls++
    return api(path, ask)
  }
  const { kinds, silent } = await discoverKinds(counted, signal)
  const isWanted = ({ isNamespaced, key }: Kind) =>
    isCollected(key, options.exclude) && (isNamespaced || options.namespaces.length === 0)
  const wanted = kinds.filter(isWanted)
  const ordered = wanted.toSorted((a, b) => Number(FIRST.includes(b.key)) - Number(FIRST.includes(a.key)))
  return { discoveryCalls, kinds: ordered, silent }
}

/** Kubernetes itself has no id; everybody takes the namespace that every cluster is born with. */
async function readClusterId(api: ClusterApi): Promise<string> {
  try {
    const { metadata } = await api<KubeObject>('/api/v1/namespaces/kube-system')
    return `cluster-${metadata.uid ?? ''}`
  } catch (error) {
    if (!(error instanceof PluginError) || error.status !== 'PERMISSION_DENIED') throw error
    throw new PluginError(
      'ERROR_ACCESS_DENIED',
      `the cluster's id cannot be read (${error.message}); give the cluster a name by options.cluster, or allow to get the namespace kube-system`,
      { status: 'PERMISSION_DENIED', cause: error },
    )
  }
}
