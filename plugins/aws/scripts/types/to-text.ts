import type { WideData } from '../../src/wide/wide-type.ts'

/** JSON with one type a line, so that an update shows which types it is about. */
export function toText({ regions, sources, types, unlisted }: WideData): string {
  const lines = (entries: object) =>
    Object.entries(entries)
      .map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)
      .join(',\n')
  return [
    `{"sources":${JSON.stringify(sources)},`,
    `"regions":${JSON.stringify(regions)},`,
    `"types":{\n${lines(types)}\n},`,
    `"unlisted":{\n${lines(unlisted)}\n}}`,
    '',
  ].join('\n')
}
