import { definePlugin, type Yielded } from '@gleaner/sdk'
import { assertMayList } from './assert-may-list.ts'
import type { Kind } from './discover-kinds.ts'
import { listObjects } from './list-objects.ts'
import { OPTIONS, SECRET } from './options.ts'
import { placesOf } from './places-of.ts'
import { plan } from './plan.ts'
import { predictCollection } from './predict-collection.ts'
import { RESOURCE_TYPES, typesOf } from './resource-types.ts'
import { surveyOf } from './survey.ts'
import { idOf, type Names, toFields } from './to-fields.ts'

/** What one Kubernetes cluster holds, of every kind it serves. */
export default definePlugin({
  name: 'kubernetes',
  version: '0.1.0',
  provider: 'kubernetes',
  options: OPTIONS,
  secret: SECRET,
  features: ['garbage_collection'],
  permissions: ['list on every kind, in all API groups', 'get on the namespace kube-system'],
  schedules: ['hours', 'interval', 'cron'],
  resourceTypes: RESOURCE_TYPES,

  async verify(ctx) {
    const { api, kinds } = await surveyOf(ctx)
    await assertMayList(api, kinds, ctx.options.namespaces)
  },

  plan,

  async discoverTypes(ctx) {
    return typesOf((await surveyOf(ctx)).kinds)
  },

  async *scopes(ctx) {
    const { account, kinds } = await surveyOf(ctx)
    yield { type: 'cluster', account }
    for (const kind of kinds) for (const { scope } of placesOf(kind, account, ctx.options)) yield scope
  },

  async *collect(ctx) {
    const survey = await surveyOf(ctx)
    const { account, api, kinds, silent, version } = survey
    const { calls, seconds } = predictCollection(survey, ctx)
    ctx.predict([[survey.host, calls, seconds]], seconds)
    yield ctx.region({ regionCode: account, name: account })
    yield ctx.cloudService('cluster', {
      resourceId: account,
      account,
      regionCode: account,
      name: account,
      data: { version: version.gitVersion, platform: version.platform },
    })
    // What a group holds that does not answer is not known, and so not whether this is all of the cluster.
    for (const { error, group } of silent)
      yield ctx.error({
        type: 'cluster',
        account,
        message: `the API group ${group} does not answer: ${String(error)}`,
      })
    if (silent.length === 0) yield ctx.complete({ type: 'cluster', account })

    const names: Names = { kinds, namespaces: new Map(), nodes: new Map() }
    async function* objects(
      kind: Kind,
      regionCode: string,
      namespace: string | undefined,
    ): AsyncGenerator<Yielded[]> {
      const known =
        kind.key === 'namespaces' ? names.namespaces : kind.key === 'nodes' ? names.nodes : undefined
      for await (const page of listObjects(api, kind, { namespace, pageSize: ctx.options.page_size })) {
        for (const object of page) known?.set(object.metadata.name, idOf(object, kind))
        yield page.map((object) =>
          ctx.cloudService(kind.key, toFields(object, kind, names, { account, regionCode })),
        )
      }
    }
    for (const [index, kind] of kinds.entries()) {
      for (const { namespace, regionCode, scope } of placesOf(kind, account, ctx.options)) {
        if (namespace !== undefined) yield ctx.region({ regionCode, name: regionCode })
        yield* ctx.list(scope, objects(kind, regionCode, namespace))
      }
      yield ctx.progress({ done: index + 1, total: kinds.length, message: kind.key })
    }
  },
})
