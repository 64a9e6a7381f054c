import { fromJson } from '@bufbuild/protobuf'
import { ValueSchema } from '@bufbuild/protobuf/wkt'
import { toTimestamp } from '../../core/clock.ts'
import { History } from '../../gen/gleaner/v1/history_pb.ts'
import {
  type BlamedValue,
  blameResource,
  type Change,
  diffPast,
  getPast,
  listPast,
  type PastDiff,
  statPast,
  type UnknownPath,
} from '../../inventory/index.ts'
import { implementService, READ } from '../method.ts'
import { toStruct } from './stat.ts'

export const historyService = implementService(History, {
  list: {
    access: READ,
    async handle({ ctx, domainId, request: { asOf, text, query, withoutTotal } }) {
      const page = await listPast(ctx, { domainId, asOf, text, query, withoutTotal })
      return {
        results: [...page.rows],
        totalCount: page.totalCount,
        asOf: toTimestamp(page.asOf),
        historySince: toTimestamp(page.historySince),
        unknown: page.unknown.map(toUnknown),
      }
    },
  },
  get: {
    access: READ,
    async handle({ ctx, domainId, request: { cloudServiceId, asOf, only } }) {
      const found = await getPast(ctx, { domainId, cloudServiceId, asOf, only })
      return {
        resource: found.resource,
        asOf: toTimestamp(found.asOf),
        historySince: toTimestamp(found.historySince),
        unknownPaths: [...found.unknownPaths],
      }
    },
  },
  stat: {
    access: READ,
    handle: async ({ ctx, domainId, request: { asOf, text, query } }) =>
      toStruct(await statPast(ctx, { domainId, asOf, text, query })),
  },
  diff: {
    access: READ,
    async handle({ ctx, domainId, request: { from, to, difference, text, query } }) {
      const found = await diffPast(ctx, { domainId, from, to, difference, text, query })
      return {
        results: found.rows.map((row) => ({ ...row, changes: row.changes.map(toDifference) })),
        totalCount: found.totalCount,
        ...toCounts(found.counts),
        kinds: found.kinds.map(({ counts, ...kind }) => ({ ...kind, ...toCounts(counts) })),
        from: toTimestamp(found.from),
        to: toTimestamp(found.to),
        historySince: toTimestamp(found.historySince),
        unknown: found.unknown.map(toUnknown),
      }
    },
  },
  blame: {
    access: READ,
    async handle({ ctx, domainId, request: { cloudServiceId, path, page } }) {
      const { rows, totalCount, historySince } = await blameResource(ctx, {
        domainId,
        cloudServiceId,
        path,
        page,
      })
      return { results: rows.map(toBlamed), totalCount, historySince: toTimestamp(historySince) }
    },
  },
})

function toBlamed({ value, at, isRecorded, ruleIds, ...blamed }: BlamedValue) {
  return {
    ...blamed,
    value: fromJson(ValueSchema, value),
    at: at === undefined ? '' : toTimestamp(at),
    recorded: isRecorded,
    ruleIds: [...ruleIds],
  }
}

function toUnknown({ path, cloudServiceIds }: UnknownPath) {
  return { path, cloudServiceIds: [...cloudServiceIds] }
}

function toCounts({ created, updated, deleted }: PastDiff['counts']) {
  return { createdCount: created, updatedCount: updated, deletedCount: deleted }
}

function toDifference({ p, b, a }: Change) {
  return {
    path: p,
    removed: a === undefined,
    ...(b === undefined ? {} : { before: fromJson(ValueSchema, b) }),
    ...(a === undefined ? {} : { after: fromJson(ValueSchema, a) }),
  }
}
