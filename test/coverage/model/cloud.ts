import type { Random } from './random.ts'

/** A thing that exists in the cloud. Its key is what collectors know it by; two things may share one. */
export type CloudThing = {
  readonly id: string
  readonly type: string
  readonly account: string
  region: string
  isProd: boolean
  version: number
  name: string
}

export type World = { things: CloudThing[]; nextId: number }

const TYPES = ['Bucket', 'Disk']
const REGIONS = ['eu-1', 'us-1', 'af-1']
const ACCOUNTS = ['acc-1', 'acc-2']

export const keyOf = ({ id, type, account }: Pick<CloudThing, 'id' | 'type' | 'account'>) =>
  `${type}/${account}/${id}`
export const cellOf = ({ type, account, region }: Pick<CloudThing, 'type' | 'account' | 'region'>) =>
  `${type}/${account}/${region}`

export function newWorld(random: Random): World {
  const world: World = { things: [], nextId: 1 }
  // One in five worlds has a cell that is large enough to be held as a whole.
  const count = random.chance(0.2) ? 26 : 4 + random.below(10)
  const isOneCell = count > 20
  for (let at = 0; at < count; at++) addThing(world, random, isOneCell)
  return world
}

function addThing(world: World, random: Random, isOneCell = false): void {
  // Ids are shared now and then, by other types, accounts and even regions.
  const id =
    random.chance(0.1) && world.nextId > 1 ? `r${1 + random.below(world.nextId)}` : `r${world.nextId++}`
  const thing = {
    id,
    type: isOneCell ? 'Bucket' : random.pick(TYPES),
    account: isOneCell ? 'acc-1' : random.pick(ACCOUNTS),
    region: isOneCell ? 'eu-1' : random.pick(REGIONS),
    isProd: random.chance(0.7),
    version: 1,
    name: id,
  }
  const isTwin = world.things.some((each) => keyOf(each) === keyOf(thing) && each.region === thing.region)
  if (!isTwin) world.things.push(thing)
}

/** Things come, go, move, change; sometimes many go at once. */
export function changeWorld(world: World, random: Random): void {
  if (random.chance(0.3)) addThing(world, random)
  if (random.chance(0.35) && world.things.length > 1)
    world.things.splice(random.below(world.things.length), 1)
  if (random.chance(0.05)) {
    const { type, account, region } = random.pick(world.things)
    const rest = world.things.filter((each) => cellOf(each) !== cellOf({ type, account, region }))
    if (rest.length > 0) world.things = rest
  }
  for (const thing of world.things) {
    if (random.chance(0.05)) thing.version++
    if (random.chance(0.04)) thing.name = `${thing.id}-${random.below(9)}`
    if (random.chance(0.03)) thing.isProd = !thing.isProd
    const target = random.pick(REGIONS)
    const isTaken = world.things.some((each) => keyOf(each) === keyOf(thing) && each.region === target)
    if (random.chance(0.04) && !isTaken) thing.region = target
  }
}
