/** Rows of a list at a time. */
export const PAGE_SIZE = 50

/** The part of a list that a page shows, as the API counts: from 1. */
export function pageRequest(
  page: number,
  size = PAGE_SIZE,
): { readonly start: number; readonly limit: number } {
  return { start: (Math.max(1, page) - 1) * size + 1, limit: size }
}

/** A list as every method of the API answers it. */
export type Listed<Row> = { readonly results: readonly Row[]; readonly total_count: number }
