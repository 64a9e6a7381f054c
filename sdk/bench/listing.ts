import { definePlugin, pagesByToken } from '../src/index.ts'

type Page = { readonly items: readonly string[]; readonly next?: string }

/** Lists many regions at once, each page by page, all from one API; told nothing about how much it serves. */
export default definePlugin({
  name: 'listing',
  version: '0.1.0',
  provider: 'listed',
  options: {
    type: 'object',
    properties: { url: { type: 'string' }, regions: { type: 'integer' } },
    required: ['url', 'regions'],
  },
  resourceTypes: { thing: { group: 'Some', type: 'Thing' } },
  async *collect(ctx) {
    const found = Array.from({ length: ctx.options.regions }, async (_, region) => {
      const names: string[] = []
      const read = async (token = '') => {
        const answer = await ctx.fetch(`${ctx.options.url}/${region}?token=${token}`)
        return (await answer.json()) as Page
      }
      for await (const page of pagesByToken(read)) names.push(...page)
      return names
    })
    for (const name of (await Promise.all(found)).flat())
      yield ctx.cloudService('thing', { resourceId: name, data: {} })
  },
})
