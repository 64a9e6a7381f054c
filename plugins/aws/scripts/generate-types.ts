/**
 * Writes `src/data/wide-types.json` anew from the packages below, one type a line. Wants Python with pip for
 * the registry's schemas. With `--check` it writes nothing and ends with 1 when the file would change.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { loadAwsServiceSpec } from '@aws-cdk/aws-service-spec'
import { buildData } from './types/build.ts'
import { fetchSchemas, readRegistry, SCHEMAS_PACKAGE } from './types/schemas.ts'
import { toText } from './types/to-text.ts'

const ROOT = join(import.meta.dirname, '../../..')
const FILE = join(import.meta.dirname, '../src/data/wide-types.json')

const manifest: unknown = createRequire(import.meta.url)('@aws-cdk/aws-service-spec/package.json')
const [schemasName = '', schemasVersion = ''] = SCHEMAS_PACKAGE.split('==')
const text = toText(
  buildData({
    registry: readRegistry(fetchSchemas(join(ROOT, 'node_modules/.cache/gleaner-schemas'))),
    spec: await loadAwsServiceSpec(),
    versions: {
      '@aws-cdk/aws-service-spec': String(Object(manifest).version),
      [schemasName]: schemasVersion,
    },
  }),
)
if (!process.argv.includes('--check')) writeFileSync(FILE, text)
else if (readFileSync(FILE, 'utf8') !== text) {
  console.error('src/data/wide-types.json is not what its sources say; run scripts/generate-types.ts')
  process.exit(1)
}
