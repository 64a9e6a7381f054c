import { type CellName, NAME_KEYS } from './cells.ts'

/** Names by which of their fields they give: there are few such sets, and each name has one key in its own. */
type Fields = readonly (typeof NAME_KEYS)[number][]

/**
 * Finds among many names those that mean a cell, in their order. Pure. It takes one look for each set of fields that names give,
 * where `isNamed` would take one for each name.
 */
export function indexNames<T>(
  all: readonly T[],
  nameOf: (each: T) => CellName,
): (cell: CellName) => readonly T[] {
  const sets = new Map<string, { readonly fields: Fields; readonly places: Map<string, number[]> }>()
  for (const [place, each] of all.entries()) {
    const name = nameOf(each)
    const fields = fieldsOf(name)
    const set = sets.get(fields.join()) ?? { fields, places: new Map<string, number[]>() }
    sets.set(fields.join(), set)
    const key = keyOf(name, fields)
    set.places.set(key, [...(set.places.get(key) ?? []), place])
  }
  return (cell) => {
    const places = [...sets.values()].flatMap((set) => set.places.get(keyOf(cell, set.fields)) ?? [])
    return places.toSorted((a, b) => a - b).flatMap((place) => all.slice(place, place + 1))
  }
}

/** Tells whether a name means any of many cells. Pure. The cells are looked through once for each set of fields that is asked for. */
export function indexCells(cells: readonly CellName[]): (name: CellName) => boolean {
  const sets = new Map<string, ReadonlySet<string>>()
  return (name) => {
    const fields = fieldsOf(name)
    const keys = sets.get(fields.join()) ?? new Set(cells.map((cell) => keyOf(cell, fields)))
    sets.set(fields.join(), keys)
    return keys.has(keyOf(name, fields))
  }
}

function fieldsOf(name: CellName): Fields {
  return NAME_KEYS.filter((key) => name[key] !== '')
}

function keyOf(name: CellName, fields: Fields): string {
  return JSON.stringify(fields.map((key) => name[key]))
}
