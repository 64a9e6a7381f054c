import { expect, test } from 'vitest'
import type { Kind } from '../../src/kind.ts'
import { costOf } from '../../src/plan/costs.ts'
import { SERVICES } from '../../src/services/index.ts'
import { createSampleApi } from './sample-api.ts'

/** Lists that are not told how many a page holds. */
const UNTOLD = ['cloudformation_stack', 'ec2_address', 'ec2_key_pair', 'sns_topic', 'vpc_vpn_gateway']

test('a plan reckons with pages of the size that lists ask for', async () => {
  const untold: string[] = []
  for (const service of SERVICES) {
    const sdk = await service.load()
    for (const [name, kind] of Object.entries<Kind>(service.kinds)) {
      const sizes = await pageSizesOf(kind, sdk)
      if (sizes.length === 0) untold.push(name)
      else expect(sizes, name).toContain(costOf(name, kind).page)
    }
  }
  expect(untold.toSorted()).toEqual(UNTOLD)
})

/** What the lists that a kind is read by ask for. */
async function pageSizesOf(kind: Kind, sdk: unknown): Promise<readonly number[]> {
  const sizes: number[] = []
  const onSend = (command: object) => {
    for (const [name, value] of Object.entries(Object(Reflect.get(command, 'input'))))
      if (value !== undefined && /^(Max|Limit|PageSize)/i.test(name)) sizes.push(Number(value))
  }
  for await (const page of kind.read(createSampleApi(sdk, { onSend, valueFor: () => undefined }))) void page
  return sizes
}
