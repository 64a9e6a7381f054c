/** One line of JSON on stdout for one figure. */
export function printFigure(name: string, value: number, unit: string, more: object = {}): void {
  process.stdout.write(`${JSON.stringify({ name, value, unit, ...more })}\n`)
}

/** The value below which this share of the values lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}
