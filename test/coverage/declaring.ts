import { create } from '@bufbuild/protobuf'
import { PluginDescriptionSchema, ScopeSchema } from '../../src/gen/gleaner/plugin/v1/extension_pb.ts'
import { type openCoverage, thing } from './support.ts'

const scope = (regionCode: string, type = 'Bucket') =>
  create(ScopeSchema, { provider: 'acme', group: 'Store', type, regionCode })

/**
 * A plugin that lists buckets region by region, and says which it has listed completely; `closed` are kinds
 * it may not read.
 */
export async function givenDeclaring(
  { givenCloud }: Pick<Awaited<ReturnType<typeof openCoverage>>, 'givenCloud'>,
  isRegional: boolean,
  closed: readonly string[] = [],
) {
  const cloud = {
    things: [
      thing({ id: 'a' }),
      thing({ id: 'b' }),
      thing({ id: 'c', region: 'us-1' }),
      thing({ id: 'd', region: 'us-1' }),
    ],
    opens: ['eu-1', 'us-1'],
    completes: ['eu-1', 'us-1'],
  }
  const collector = await givenCloud([], {
    describe: () =>
      create(PluginDescriptionSchema, {
        declaresScopes: true,
        resourceTypes: [{ group: 'Store', type: 'Bucket', idsAreRegional: isRegional }],
      }),
    async *collect({ observer }) {
      for (const region of cloud.opens) observer?.scopeOpened?.(scope(region))
      for (const type of closed) observer?.scopeOpened?.(scope('', type))
      yield cloud.things
      for (const region of cloud.completes) observer?.scopeCompleted?.(scope(region))
    },
  })
  return { ...collector, cloud }
}
