import { editDistance } from '../core/edit-distance.ts'
import { OPTIONS } from './options.ts'

/**
 * Ends a complaint about a name that is nearly one of these: ` (did you mean --http-port?)`; empty when it is
 * near none.
 */
export function suggest(name: string, known: readonly string[]): string {
  const nearest = findNearest(name, known)
  return nearest === undefined ? '' : ` (did you mean ${nearest}?)`
}

/**
 * Complains of variables that are nearly an option's: what was meant to close something must not be passed
 * over in silence. Others may be anybody's, such as those that Kubernetes makes of a service's name.
 */
export function describeMisspelt(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const known = ['GLEANER_CONFIG', ...Object.values(OPTIONS).map((option) => option.env)]
  return Object.keys(env).flatMap((name) => {
    if (!name.startsWith('GLEANER_') || known.includes(name) || OTHERS.has(name)) return []
    const hint = /^tcp:/.test(env[name] ?? '') ? '' : suggest(name, known)
    return hint === '' ? [] : [`${name} is no option of the server, and is ignored${hint}`]
  })
}

/** What the CLI and tests of plugins read. */
const OTHERS: ReadonlySet<string> = new Set([
  'GLEANER_URL',
  'GLEANER_DOMAIN',
  'GLEANER_API_KEY',
  'GLEANER_RECORD',
])

function findNearest(name: string, known: readonly string[]): string | undefined {
  const [nearest] = known
    .map((each) => ({ each, distance: editDistance(name.toLowerCase(), each.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
  return nearest !== undefined && nearest.distance <= 2 ? nearest.each : undefined
}
