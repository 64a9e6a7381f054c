import type { JsonObject } from '@gleaner/sdk'

/** A resource of the emulated cloud. */
export type Held = {
  readonly identifier: string
  /** Everything that reading it tells. */
  readonly properties: JsonObject
  /** The properties that the list tells; absent: all of them. */
  readonly listed?: readonly string[] | undefined
  /** Whether its list leaves it out altogether. */
  readonly isUnlisted?: boolean
}

/** What an account holds in a region, by type. */
export class Estate {
  readonly #held = new Map<string, Map<string, Held>>()
  readonly #tagged = new Map<string, Set<string>>()
  readonly #explored = new Map<string, Set<string>>()

  put(place: string, typeName: string, held: Held): void {
    const key = `${place}/${typeName}`
    const all = this.#held.get(key) ?? new Map()
    this.#held.set(key, all.set(held.identifier, held))
  }

  remove(place: string, typeName: string, identifier: string): void {
    this.#held.get(`${place}/${typeName}`)?.delete(identifier)
  }

  list(place: string, typeName: string): readonly Held[] {
    return [...(this.#held.get(`${place}/${typeName}`)?.values() ?? [])]
  }

  get(place: string, typeName: string, identifier: string): Held | undefined {
    return this.#held.get(`${place}/${typeName}`)?.get(identifier)
  }

  /** Makes the tagging API know an ARN. */
  tag(place: string, arn: string): void {
    this.#tagged.set(place, (this.#tagged.get(place) ?? new Set()).add(arn))
  }

  untag(place: string, arn: string): void {
    this.#tagged.get(place)?.delete(arn)
  }

  /** Makes Resource Explorer know an ARN. */
  explore(place: string, arn: string): void {
    this.#explored.set(place, (this.#explored.get(place) ?? new Set()).add(arn))
  }

  explored(place: string): readonly string[] {
    return [...(this.#explored.get(place) ?? [])]
  }

  tagged(place: string): readonly string[] {
    return [...(this.#tagged.get(place) ?? [])]
  }
}
