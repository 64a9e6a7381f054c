/**
 * How many letters must be added, dropped, changed or swapped with their neighbour; infinite when it is
 * plainly more than two.
 */
export function editDistance(from: string, to: string): number {
  if (Math.abs(from.length - to.length) > 2) return Number.POSITIVE_INFINITY
  let rows = [[...Array(to.length + 1).keys()]]
  for (let i = 1; i <= from.length; i++) {
    const [before = [], earlier = []] = rows
    const row = [i]
    for (let j = 1; j <= to.length; j++) {
      const isSame = from[i - 1] === to[j - 1]
      const isSwapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]
      const changed = at(before, j - 1) + (isSame ? 0 : 1)
      const swapped = isSwapped ? at(earlier, j - 2) + 1 : Number.POSITIVE_INFINITY
      row.push(Math.min(at(before, j) + 1, at(row, j - 1) + 1, changed, swapped))
    }
    rows = [row, before]
  }
  return at(rows[0] ?? [], to.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY
}
