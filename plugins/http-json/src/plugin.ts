import { definePlugin } from '@gleaner/sdk'
import { SECRET } from './credential.ts'
import { listItems, readFirstPage } from './list-items.ts'
import { OPTIONS, type Options } from './options.ts'
import { compilePaths, type Paths } from './paths.ts'

/** The items of one list of any JSON API. All that it knows of the API is configuration. */
export default definePlugin({
  name: 'http-json',
  version: '0.1.0',
  provider: 'http-json',
  options: OPTIONS,
  secret: SECRET,
  features: ['garbage_collection'],
  schedules: ['hours', 'interval', 'cron'],
  resourceTypes: {
    item: {
      group: 'API',
      type: 'Item',
      isPrimary: true,
      isMajor: true,
      permissions: ['GET on the list'],
    },
  },

  async verify(ctx) {
    const items = await readFirstPage(ctx, compilePaths(ctx.options))
    ctx.log.info('the list can be read', { items })
  },

  async *scopes({ options }) {
    yield { type: 'item', account: accountOf(options, compilePaths(options)) }
  },

  async *collect(ctx) {
    const paths = compilePaths(ctx.options)
    const account = accountOf(ctx.options, paths)
    async function* items() {
      for await (const page of listItems(ctx, paths)) {
        yield page.map(({ data, id, name, region, type }) =>
          ctx.cloudService('item', {
            resourceId: `${account}:${id}`,
            account,
            name,
            instanceType: type,
            regionCode: region,
            data,
          }),
        )
      }
    }
    yield* ctx.list({ type: 'item', account }, items())
  },
})

function accountOf({ account }: Options, { url }: Paths): string {
  return account ?? `${url.host}${url.pathname}`
}
