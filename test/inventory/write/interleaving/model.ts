import type { JsonObject } from '@bufbuild/protobuf'
import { decodeResource } from '../../../../src/inventory/decode/index.ts'
import { evaluateResource } from '../../../../src/inventory/evaluate.ts'
import type { Database } from '../../../../src/storage/index.ts'
import { bucket, type Contributor, givenContributor, givenDomain } from '../support.ts'
import type { Random } from './seed.ts'

/** What a contributor says about one resource. */
export type Word = { readonly name: string; readonly data: JsonObject }

export type Said = { readonly id: string; readonly word: Word }

/** A contributor, what the model knows of it, and the numbers that decide what it does. */
export class Voice {
  readonly #contributor: Contributor
  readonly random: Random
  readonly priority: number
  readonly rank: number
  /** By resource id: what it said last, of what was stored. */
  readonly words = new Map<string, Word>()
  /** What it said before that, to come back to. */
  readonly older = new Map<string, Word>()
  lastSeen: ReadonlySet<string> = new Set()

  constructor(contributor: Contributor, random: Random, priority: number, rank: number) {
    this.#contributor = contributor
    this.random = random
    this.priority = priority
    this.rank = rank
  }

  get contributor(): Contributor {
    return this.#contributor
  }

  get contributorId(): number {
    return this.#contributor.contributorId
  }

  /** It has said all this in one run. */
  hear(said: readonly Said[]): void {
    for (const { id, word } of said) {
      const before = this.words.get(id)
      if (before !== undefined && before !== word) this.older.set(id, before)
      this.words.set(id, word)
    }
    this.lastSeen = new Set(said.map(({ id }) => id))
  }

  contributions() {
    return [...this.words].toSorted(byKey).map(([id, word]) => ({
      contributorId: this.contributorId,
      resourceId: id,
      contentHash: hashOf(id, word, this.priority),
    }))
  }
}

export class World {
  readonly domainId: string
  readonly contributors: readonly Voice[]

  constructor(domainId: string, contributors: readonly Voice[]) {
    this.domainId = domainId
    this.contributors = contributors
  }

  /** What is said of a resource, the strongest first. */
  wordsOn(id: string): readonly Word[] {
    return this.contributors
      .toSorted((a, b) => a.priority - b.priority || a.rank - b.rank)
      .flatMap((voice) => voice.words.get(id) ?? [])
  }

  /** The fold of all words, the strongest first: what readers should see. */
  documents() {
    const ids = new Set(this.contributors.flatMap(({ words }) => [...words.keys()]))
    return [...ids].toSorted(inBytes).map((resourceId) => {
      const words = this.wordsOn(resourceId)
      const name = words.map((word) => word.name).find((each) => each !== '') ?? ''
      const data = Object.assign({}, ...words.toReversed().map((word) => word.data)) as JsonObject
      return { resourceId, name, data }
    })
  }
}

export async function givenWorld(db: Database, random: Random): Promise<World> {
  const domainId = await givenDomain(db)
  const voices: Voice[] = []
  for (let rank = 0; rank < 3; rank++) {
    const priority = [5, 10, 10][random.below(3)] ?? 10
    const contributor = await givenContributor(db, domainId, { priority })
    voices.push(new Voice(contributor, random.fork(), priority, rank))
  }
  return new World(domainId, voices)
}

/** The message that says it; `isReordered` says the same in other bytes. */
export function messageOf(id: string, { name, data }: Word, isReordered = false): Uint8Array {
  const said = isReordered ? Object.fromEntries(Object.entries(data).reverse()) : data
  return bucket({ id, name, data: said })
}

function hashOf(id: string, word: Word, priority: number): string {
  const resource = decodeResource(messageOf(id, word))
  if (resource.kind !== 'cloud_service') throw new Error(`${resource.kind} is no cloud service`)
  return evaluateResource(resource, { projectId: '', priority }).contentHash
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return inBytes(a, b)
}

function inBytes(a: string, b: string): number {
  return a < b ? -1 : 1
}
