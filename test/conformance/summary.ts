import type { Case } from './case.ts'

/** What was tried, one line a service: for who reads the output of the tests. */
export function summaryOf(
  cases: readonly Pick<Case, 'method'>[],
  damaged: ReadonlyMap<string, readonly string[]>,
): string {
  const serviceOf = (method: string) => method.slice(0, method.lastIndexOf('.'))
  const services = Map.groupBy(cases, ({ method }) => serviceOf(method))
  const lines = [...services].map(([service, own]) => {
    const methods = new Set(own.map(({ method }) => method))
    const spoilt = [...methods].reduce((sum, method) => sum + (damaged.get(method)?.length ?? 0), 0)
    return `${service}: ${methods.size} methods, ${own.length} cases, ${spoilt} damaged requests`
  })
  return `Conformance, over gRPC and REST alike\n${lines.join('\n')}\n`
}
