import type { World } from '../world.ts'
import { namingCases } from './naming.ts'

export const SERVICE = 'spaceone.api.inventory.v1.Collector'

/** A request about a collector of the case's own. */
export const own =
  (fields: object = {}) =>
  async (world: World) => ({ ...(await world.collector()), ...fields })

/** What a method says about ids that name no collector. */
export const naming = (method: string, fields = {}) =>
  namingCases(SERVICE, method, 'collector_id', own(), fields)
