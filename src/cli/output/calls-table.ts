import type { ApiCalls } from '../shapes.ts'
import { formatCount } from './count.ts'
import { type Column, renderTable, type TableLayout } from './table.ts'
import { duration } from './time.ts'

/**
 * Calls of the provider's APIs: what was predicted beside what was made, and the sum where there are several.
 * Times of APIs are not summed, since they are asked side by side.
 */
export function renderCalls(calls: readonly ApiCalls[], layout: TableLayout): string {
  const total = calls.length < 2 ? [] : [[...toCounts(calls.reduce(addCalls)), '-', '-']]
  return renderTable(COLUMNS, [...calls.map(toRow), ...total], layout)
}

const number = (heading: string): Column => ({ heading, align: 'right', isWhole: true })

const COLUMNS: readonly Column[] = [
  { heading: 'API', isWhole: true },
  number('PREDICTED'),
  number('CALLS'),
  number('THROTTLED'),
  number('RETRIED'),
  number('WAITED'),
  number('EXPECTED'),
  number('TOOK'),
]

function toRow(calls: ApiCalls): readonly string[] {
  return [...toCounts(calls), timeOf(calls.predictedSeconds), timeOf(calls.busySeconds)]
}

function timeOf(seconds: number): string {
  return seconds === 0 ? '-' : duration(seconds * 1_000)
}

/** What was predicted as none was not predicted. */
function toCounts({ api, made, predicted, retried, throttled, waitSeconds }: ApiCalls): readonly string[] {
  const counts = [made, throttled, retried].map(formatCount)
  return [api, predicted === 0 ? '-' : formatCount(predicted), ...counts, duration(waitSeconds * 1_000)]
}

function addCalls(a: ApiCalls, b: ApiCalls): ApiCalls {
  return {
    api: 'all',
    predicted: a.predicted + b.predicted,
    made: a.made + b.made,
    throttled: a.throttled + b.throttled,
    retried: a.retried + b.retried,
    waitSeconds: a.waitSeconds + b.waitSeconds,
    predictedSeconds: 0,
    busySeconds: 0,
  }
}
