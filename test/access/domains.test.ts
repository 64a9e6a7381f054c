import { afterAll, expect, test } from 'vitest'
import { assertDomain, createDomainCache, ensureDomain, getDomain } from '../../src/access/index.ts'
import { NotFound } from '../../src/core/errors.ts'
import { newId } from '../../src/core/ids.ts'
import type { Sql } from '../../src/storage/index.ts'
import { createTestDatabase } from '../support/database.ts'

const { db, drop } = await createTestDatabase()
afterAll(drop)

const now = new Date('2026-01-02T03:04:05.678Z')

test('a domain is created once and then found with what it was created with', async () => {
  const domainId = newId('domain')
  expect(await ensureDomain(db, { domainId, name: 'first', now })).toEqual({
    domainId,
    name: 'first',
    createdAt: now,
  })
  const again = await ensureDomain(db, { domainId, name: 'second', now: new Date() })
  expect(again).toEqual({ domainId, name: 'first', createdAt: now })
  expect(await getDomain(db, domainId)).toEqual(again)
})

test('two servers may create the same domain at the same moment', async () => {
  const domainId = newId('domain')
  const domains = await Promise.all(
    Array.from({ length: 8 }, (_, index) => ensureDomain(db, { domainId, name: `name ${index}`, now })),
  )
  expect(new Set(domains.map((domain) => domain.name)).size).toBe(1)
})

test.each(['domain-x', '', "x' or '1'='1"])('an unknown id (%s) is not found', async (domainId) => {
  await expect(assertDomain(db, domainId)).rejects.toThrow(new NotFound('domain', domainId))
})

test('the cache asks once for a domain it knows, and each time for one it does not', async () => {
  const domainId = newId('domain')
  const asked: unknown[] = []
  const counting: Sql = {
    ...db,
    query(text, params, options) {
      asked.push(params?.[0])
      return db.query(text, params, options)
    },
  }
  const cache = createDomainCache(counting)
  await expect(cache.assert(domainId)).rejects.toThrow(NotFound)
  await ensureDomain(db, { domainId, name: 'late', now })
  expect(await cache.assert(domainId)).toBe(domainId)
  expect(await cache.assert(domainId)).toBe(domainId)
  expect(asked).toEqual([domainId, domainId])
})
