import { readFileSync } from 'node:fs'
import type { WideData } from './wide-type.ts'

let data: WideData | undefined

/** The generated file; read when it is first needed, since half a megabyte of JSON takes a while. */
export function loadWideData(): WideData {
  data ??= asWideData(JSON.parse(readFileSync(new URL('../data/wide-types.json', import.meta.url), 'utf8')))
  return data
}

/** Whether a type is known to be in a region. Regions that the data does not know may have all. */
export function isIn({ regions, types }: WideData, typeName: string, region: string): boolean {
  const bits = types[typeName]?.regions
  const at = regions.indexOf(region)
  return bits === undefined || at < 0 || ((BigInt(`0x${bits}`) >> BigInt(at)) & 1n) === 1n
}

/** Claims that the file is what the generator wrote, which a test checks. */
function asWideData(value: unknown): WideData {
  return value as WideData
}
