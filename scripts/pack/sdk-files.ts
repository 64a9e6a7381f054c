import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { importJavaScript, toJavaScript } from '../../src/plugin-kit/to-javascript.ts'
import {
  fileFrom,
  filesBelow,
  jsonFile,
  listBelow,
  type PackedFile,
  type PackedFiles,
  textFile,
} from './files.ts'
import { type Manifest, readManifest } from './manifests.ts'

/**
 * The files of the package `@gleaner/sdk`: JavaScript with its types, the template of `gleaner plugins new`,
 * and the sample.
 */
export function sdkFiles(root: string): PackedFiles {
  const sdk = join(root, 'sdk')
  return new Map<string, PackedFile>([
    ['package.json', jsonFile(sdkManifest(readManifest(sdk)))],
    ['README.md', textFile(withoutLinksOutside(readFileSync(join(sdk, 'README.md'), 'utf8')))],
    ['LICENSE', fileFrom(join(root, 'LICENSE'))],
    ...listBelow(join(sdk, 'src'))
      .filter((path) => !path.startsWith('gen/'))
      .map((path): [string, PackedFile] => [
        `src/${path.replace(/\.ts$/, '.js')}`,
        textFile(toJavaScript(readFileSync(join(sdk, 'src', path), 'utf8'))),
      ]),
    ...typesOf(sdk),
    ...filesBelow(join(sdk, 'template'), 'template'),
  ])
}

function typesOf(sdk: string): readonly (readonly [string, PackedFile])[] {
  const folder = mkdtempSync(join(tmpdir(), 'gleaner-types-'))
  try {
    const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
    const args = [tsc, '-p', join(sdk, 'tsconfig.build.json'), '--outDir', folder]
    execFileSync(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] })
    return listBelow(folder).map((path) => [
      `src/${path}`,
      textFile(importJavaScript(readFileSync(join(folder, path), 'utf8'))),
    ])
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** What the source exports, and its types beside it. */
function sdkManifest({ exports = {}, ...manifest }: Manifest): object {
  const built = Object.entries(exports).map(([name, source]) => [
    name,
    { types: source.replace(/\.ts$/, '.d.ts'), default: source.replace(/\.ts$/, '.js') },
  ])
  const { devDependencies: _, ...rest } = manifest
  return { ...rest, exports: Object.fromEntries(built), publishConfig: { access: 'public' } }
}

/** Links of the repository lead nowhere in a package; their words stay. */
function withoutLinksOutside(markdown: string): string {
  return markdown.replaceAll(/\[([^\]]+)\]\(\.\.\/[^)]*\)/g, '$1')
}
