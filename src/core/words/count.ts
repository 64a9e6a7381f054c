/** A number of things, in groups of three digits: `1,234,567`. */
export function formatCount(count: number): string {
  return COUNTS.format(count)
}

/** A number and its noun: `1 resource`, `2 resources`. */
export function countOf(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`
}

const COUNTS = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
