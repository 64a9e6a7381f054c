import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { fillEstate, KEY } from '../../examples/aws-moto/estate.ts'
import { ensureDomain } from '../../src/access/index.ts'
import { startTestApp } from '../support/app.ts'
import { prepareMoto, startMoto } from '../support/moto.ts'
import { openShell } from './shell.ts'

const GUIDE = readFileSync(join(import.meta.dirname, '../../docs/guide/first-aws.md'), 'utf8')
const BLOCKS = [...GUIDE.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text)

/** Stands for the command line of AWS, whose accounts the emulator does not guard. */
const AWS = `aws() {
  case "$*" in
    *create-access-key*) printf '%s' '${JSON.stringify(KEY)}' ;;
    *put-user-policy*) test -s policy.json ;;
  esac
}
`

const python = prepareMoto()
if ('missing' in python) console.warn(`SKIPPED: moto cannot be run here: ${python.missing}`)

test.skipIf('missing' in python)(
  'the path to a first AWS account works as it stands, on an emulator',
  async () => {
    if ('missing' in python) throw new Error('the test is skipped without moto')
    const moto = await startMoto(python.python)
    onTestFinished(() => moto.stop())
    await fillEstate(moto.url)
    const app = await startTestApp({
      given: async ({ db }) => {
        await ensureDomain(db, { domainId: 'domain-000000000001', name: 'Test', now: new Date() })
      },
    })
    onTestFinished(() => app.stop())
    const shell = openShell(app.url)
    onTestFinished(() => shell.close())

    const shown: string[] = []
    for (const block of BLOCKS) {
      const onEmulator = block.replace(`'{"regions"`, `'{"endpoint": "${moto.url}", "regions"`)
      shown.push(await shell.run(AWS + onEmulator))
    }

    const [, , granted, collected, scheduled] = shown
    expect(shown).toHaveLength(5)
    expect(granted).toContain('All secrets pass, of AWS')
    expect(collected).toMatch(/^SUCCESS: 'AWS' was collected/m)
    expect(collected).toMatch(/^shop-1 +Instance +eu-central-1$/m)
    expect(collected).toMatch(/^Complete: all \d+ cells\.$/m)
    expect(scheduled).toMatch(/sched-[0-9a-f]{12}/)
  },
)
