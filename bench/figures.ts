/** Prints one figure as a line of JSON on stdout. */
export function printFigure(name: string, value: number, unit: string, spread?: readonly number[]): void {
  const rounded = (number: number) => Number(number.toPrecision(4))
  const extra = spread === undefined ? {} : { runs: spread.map(rounded) }
  console.log(JSON.stringify({ name, value: rounded(value), unit, ...extra }))
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)]
  if (middle === undefined) throw new RangeError('no values')
  return middle
}

/** What one in a hundred is over. */
export function percentile99(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.99)] ?? Number.NaN
}

/** The figure with the median of its runs, and the runs beside it. */
export function printMedian(name: string, values: readonly number[], unit: string): void {
  printFigure(name, median(values), unit, values)
}
