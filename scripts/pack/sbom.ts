import { licenceOf } from './licences.ts'
import type { RunTimePackage } from './run-time-packages.ts'

/** The package that a bill of materials is of. */
export type Subject = {
  readonly name: string
  readonly version: string
  readonly license: string
  /** The file in which it is handed on, and its SHA-256. */
  readonly file: string
  readonly sha256: string
  /** The paths of what it uses itself. */
  readonly uses: readonly string[]
}

/**
 * The bill of materials of a package, as CycloneDX 1.6: what has to be installed for it to run, on any
 * platform, and what lies in it as part of the console, each with version, licence, content and what it uses.
 * Nothing in it depends on when or where it is made.
 */
export function toSbom(
  subject: Subject,
  installed: readonly RunTimePackage[],
  inConsole: readonly RunTimePackage[],
): object {
  const paths = new Set(installed.map(({ path }) => path))
  const bundled = inConsole.filter(({ path }) => !paths.has(path))
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': refOf(subject.name, subject.version),
        ...nameOf(subject.name),
        version: subject.version,
        purl: purlOf(subject.name, subject.version),
        licenses: [{ expression: subject.license }],
        hashes: [{ alg: 'SHA-256', content: subject.sha256 }],
        properties: [property('gleaner:file', subject.file)],
      },
    },
    components: [
      ...installed.map((each) => toComponent(each, [])),
      ...bundled.map((each) => toComponent(each, [property('cdx:npm:package:bundled', 'true')])),
    ],
    dependencies: [
      {
        ref: refOf(subject.name, subject.version),
        dependsOn: refsOf([...subject.uses, ...bundled.map(({ path }) => path)], [...installed, ...bundled]),
      },
      ...[...installed, ...bundled].map((each) => ({
        ref: refOfPackage(each),
        dependsOn: refsOf(each.uses, [...installed, ...bundled]),
      })),
    ],
  }
}

function toComponent(each: RunTimePackage, more: readonly object[]): object {
  const { name, path, locked } = each
  const scripts = locked.hasInstallScript ? [property('gleaner:install-script', 'not needed, not run')] : []
  return {
    type: 'library',
    'bom-ref': refOfPackage(each),
    ...nameOf(name),
    version: locked.version,
    scope: locked.optional ? 'optional' : 'required',
    hashes: [{ alg: 'SHA-512', content: hexOf(locked.integrity ?? '') }],
    licenses: [{ expression: licenceOf(each) ?? '' }],
    purl: purlOf(name, locked.version),
    properties: [property('cdx:npm:package:path', path), ...scripts, ...more],
  }
}

function property(name: string, value: string): object {
  return { name, value }
}

function refsOf(paths: readonly string[], among: readonly RunTimePackage[]): readonly string[] {
  const byPath = new Map(among.map((each) => [each.path, each]))
  const refs = paths.flatMap((path) => {
    const used = byPath.get(path)
    return used === undefined ? [] : [refOfPackage(used)]
  })
  return [...new Set(refs)].sort()
}

/** A package may be installed twice, so that its place belongs to its name. */
function refOfPackage({ name, path, locked }: RunTimePackage): string {
  const isNested = path !== `node_modules/${name}`
  return isNested ? `${refOf(name, locked.version)}|${path}` : refOf(name, locked.version)
}

function refOf(name: string, version: string): string {
  return `${name}@${version}`
}

function nameOf(name: string): object {
  const [, group, rest] = /^(@[^/]+)\/(.+)$/.exec(name) ?? []
  return group === undefined ? { name } : { group, name: rest }
}

function purlOf(name: string, version: string): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`
}

function hexOf(integrity: string): string {
  return Buffer.from(integrity.replace(/^sha512-/, ''), 'base64').toString('hex')
}
