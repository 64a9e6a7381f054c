/**
 * Builds what is published: JavaScript with types, since Node strips no types below `node_modules`. `npm run build` writes it to
 * `sdk/dist`, or to the folder that is named; `npm publish ./dist` or `npm pack ./dist` takes it from there.
 */
import { execFileSync } from 'node:child_process'
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'

const ROOT = import.meta.dirname
const target = resolve(process.argv[2] ?? join(ROOT, 'dist'))

rmSync(target, { recursive: true, force: true })
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
execFileSync(process.execPath, [tsc, '-p', join(ROOT, 'tsconfig.build.json'), '--outDir', target], {
  stdio: 'inherit',
})
copyFileSync(join(ROOT, 'README.md'), join(target, 'README.md'))
copyFileSync(join(ROOT, '../LICENSE'), join(target, 'LICENSE'))
const {
  devDependencies: _,
  scripts: __,
  ...manifest
} = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
const entry = (name: string) => ({ types: `./${name}.d.ts`, default: `./${name}.js` })
const exported = { '.': entry('index'), './testing': entry('testing/index'), './launch': './launch.js' }
writeFileSync(
  join(target, 'package.json'),
  `${JSON.stringify({ ...manifest, exports: exported, publishConfig: { access: 'public' } }, null, 2)}\n`,
)
