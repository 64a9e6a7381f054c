import { CommandMissing, runCommand } from '../run-command.ts'
import type { Finding, Source } from '../source.ts'

export type InstalledPackage = {
  readonly name: string
  readonly version: string
  readonly architecture: string
  readonly section?: string | undefined
}

type Manager = {
  readonly name: string
  /** Where the command may be, tried in turn. */
  readonly files: readonly string[]
  readonly args: readonly string[]
  readonly parse: (output: string) => readonly InstalledPackage[]
}

export const MANAGERS: readonly Manager[] = [
  {
    name: 'dpkg',
    files: ['dpkg-query'],
    // The binary name carries the architecture (`libc6:i386`), so the plain one is asked for.
    // biome-ignore lint/suspicious/noTemplateCurlyInString: these are dpkg's own placeholders.
    args: ['-W', '-f', '${Package}\t${Version}\t${Architecture}\t${Section}\t${db:Status-Status}\n'],
    parse: (output) =>
      rowsOf(output)
        .filter(([, , , , status]) => status === 'installed')
        .map(toPackage),
  },
  {
    name: 'rpm',
    files: ['rpm'],
    args: ['-qa', '--qf', '%{NAME}\t%{EPOCHNUM}:%{VERSION}-%{RELEASE}\t%{ARCH}\t%{GROUP}\n'],
    parse: (output) => rowsOf(output).map(toPackage).map(withoutZeroEpoch),
  },
  {
    name: 'apk',
    files: ['apk'],
    args: ['info', '-v'],
    parse: (output) => rowsOf(output).map(([line = '']) => splitApk(line)),
  },
  {
    name: 'brew',
    files: ['brew', '/opt/homebrew/bin/brew', '/usr/local/bin/brew', '/home/linuxbrew/.linuxbrew/bin/brew'],
    args: ['list', '--versions'],
    parse: (output) =>
      rowsOf(output).flatMap(([line = '']) => {
        const [name = '', ...versions] = line.split(' ')
        return versions.map((version) => ({ name, version, architecture: 'native' }))
      }),
  },
]

/** Installed packages of every package manager that the machine has. */
export const readPackages: Source = async ({ signal, log }) => {
  const found: Finding[] = []
  let managers = 0
  for (const manager of MANAGERS) {
    const output = await runFirst(manager, signal)
    if (output === undefined) continue
    managers++
    found.push(...toFindings(manager.name, manager.parse(output)))
  }
  if (managers === 0) log.info('no package manager that can be asked was found')
  return found
}

/**
 * One resource for each name and architecture. Several versions at once (kernels, mostly) share it, because
 * with the version in the key every update would be one package deleted and another created.
 */
export function toFindings(manager: string, packages: readonly InstalledPackage[]): readonly Finding[] {
  const groups = Map.groupBy(packages, ({ name, architecture }) => `${name}:${architecture}`)
  return [...groups].map(([key, [first, ...others]]) => {
    const versions = [first, ...others].map((each) => each?.version ?? '').sort(byVersion)
    return {
      key,
      name: first?.name,
      instanceType: first?.architecture,
      tags: { manager },
      data: {
        version: versions.at(-1),
        all_versions: versions.length > 1 ? versions : undefined,
        architecture: first?.architecture,
        section: first?.section || undefined,
        manager,
      },
    }
  })
}

async function runFirst({ files, args }: Manager, signal: AbortSignal): Promise<string | undefined> {
  for (const file of files) {
    try {
      return await runCommand(file, args, signal)
    } catch (error) {
      if (!(error instanceof CommandMissing)) throw error
    }
  }
  return undefined
}

function rowsOf(output: string): readonly (readonly string[])[] {
  return output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'))
}

function toPackage([
  name = '',
  version = '',
  architecture = '',
  section,
]: readonly string[]): InstalledPackage {
  return { name, version, architecture, section }
}

function withoutZeroEpoch(each: InstalledPackage): InstalledPackage {
  return { ...each, version: each.version.replace(/^0:/, '') }
}

/** `busybox-1.36.1-r5`: the version begins after the last dash but one. */
function splitApk(line: string): InstalledPackage {
  const [, name = line, version = ''] = /^(.+)-([^-]+-r\d+)$/.exec(line) ?? []
  return { name, version, architecture: 'native' }
}

function byVersion(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true })
}
