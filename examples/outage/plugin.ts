import { definePlugin, PluginError, pagesByToken } from '@gleaner/sdk'

type Volume = { readonly id: string; readonly name: string; readonly size_gib: number }
type VolumePage = { readonly volumes: readonly Volume[]; readonly total: number; readonly next?: string }

/** Lists the volumes of a cloud, region by region: what it could not list, it names, and the rest goes on. */
export default definePlugin({
  name: 'nimbus',
  version: '1.0.0',
  provider: 'nimbus',
  options: {
    type: 'object',
    properties: {
      url: { type: 'string', description: 'Where the API of the cloud is.' },
      account: { type: 'string', default: '40017' },
      regions: { type: 'array', items: { type: 'string' }, default: ['north', 'south', 'west'] },
    },
    required: ['url'],
  },
  resourceTypes: {
    volume: { group: 'Storage', type: 'Volume', isPrimary: true, idsAreRegional: true },
  },

  /**
   * What is going to be listed: a region that is then not completed is known to be missing, also if nothing
   * of it was ever seen.
   */
  async *scopes({ options: { account, regions } }) {
    for (const regionCode of regions) yield { type: 'volume', account, regionCode }
  },

  async *collect(ctx) {
    const { account, regions, url } = ctx.options

    async function* volumesOf(regionCode: string) {
      let listed = 0
      let total = 0
      const pages = pagesByToken<Volume>(async (token = '') => {
        const answer = await ctx.fetch(`${url}/${regionCode}/volumes?page=${token}`)
        const page = (await answer.json()) as VolumePage
        total = page.total
        return { items: page.volumes, next: page.next }
      })
      for await (const page of pages) {
        listed += page.length
        yield page.map(({ id, name, size_gib }) =>
          ctx.cloudService('volume', { resourceId: id, name, account, regionCode, data: { size_gib } }),
        )
      }
      if (listed < total)
        throw new PluginError('ERROR_TRUNCATED', `the list of ${regionCode} ends after ${listed} of ${total}`)
    }

    // The receipt of a region comes after its last page; a region that fails is named in the result instead.
    for (const regionCode of regions)
      yield* ctx.list({ type: 'volume', account, regionCode }, volumesOf(regionCode))
  },
})
