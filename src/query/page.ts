import type { Page } from '../gen/spaceone/api/core/v1/query_pb.ts'

export type Window = { readonly limit: number; readonly offset: number }

/**
 * Which rows a page holds. `start` counts from 1, 0 means 1. A limit of 0, or none, means 1,000, and a larger
 * one is read as 1,000: `total_count` tells whether there is more.
 */
export function pageWindow(page: Page | undefined): Window {
  const limit = page?.limit ?? 0
  return {
    limit: limit === 0 ? MAX_PAGE : Math.min(limit, MAX_PAGE),
    offset: Math.max(page?.start ?? 0, 1) - 1,
  }
}

const MAX_PAGE = 1_000
