import { definePlugin, pagesByToken } from '@gleaner/sdk'

type Server = { readonly id: string; readonly name: string; readonly region: string; readonly cpus: number }
type ServerPage = { readonly servers: readonly Server[]; readonly next?: string }

export default definePlugin({
  name: 'plugin-name',
  version: '0.1.0',
  provider: 'plugin-name',
  options: {
    type: 'object',
    properties: {
      url: { type: 'string', description: 'Where the API is.' },
      regions: { type: 'array', items: { type: 'string' }, default: ['eu-1'] },
    },
    required: ['url'],
  },
  secret: {
    type: 'object',
    properties: { token: { type: 'string', description: 'A token that may list servers.' } },
    required: ['token'],
  },
  resourceTypes: {
    server: {
      group: 'Compute',
      type: 'Server',
      isPrimary: true,
      idsAreRegional: true,
      permissions: ['servers:list'],
    },
  },

  async verify({ fetch, options, secretData }) {
    await fetch(`${options.url}/whoami`, { headers: { authorization: `Bearer ${secretData.token}` } })
  },

  async *collect(ctx) {
    const { fetch, options, secretData } = ctx
    const headers = { authorization: `Bearer ${secretData.token}` }

    async function* serversOf(region: string) {
      const pages = pagesByToken<Server>(async (token = '') => {
        const answer = await fetch(`${options.url}/${region}/servers?page=${token}`, { headers })
        const { servers, next } = (await answer.json()) as ServerPage
        return { items: servers, next }
      })
      for await (const page of pages) {
        yield page.map(({ id, name, cpus }) =>
          ctx.cloudService('server', {
            resourceId: id,
            name,
            regionCode: region,
            instanceSize: cpus,
            data: { cpus },
          }),
        )
      }
    }

    // One region that fails is named in the result, and the others go on.
    for (const regionCode of options.regions)
      yield* ctx.list({ type: 'server', regionCode }, serversOf(regionCode))
  },
})
