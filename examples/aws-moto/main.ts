/**
 * The AWS plugin on an emulator of AWS: `node examples/aws-moto/main.ts > plugins/aws/example.md` makes a
 * virtual environment with moto, starts it with a small estate and a server of Gleaner's, drives them through
 * the command line, and prints what happened, which is a part of docs/plugins/aws.md. Needs Python 3 with
 * venv.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startFaultProxy } from '../../test/support/fault-proxy.ts'
import { prepareMoto, startMoto } from '../../test/support/moto.ts'
import { openShell, type Shell } from '../stage/run-gleaner.ts'
import { startGleaner } from '../stage/start.ts'
import { tell } from '../stage/tell.ts'
import { fillEstate, HOME, KEY } from './estate.ts'
import { STORY } from './story.ts'

const python = prepareMoto()
if ('missing' in python) throw new Error(`moto cannot be run here: ${python.missing}`)
const moto = await startMoto(python.python)
const proxy = await startFaultProxy(moto.url)
const server = await startGleaner()
try {
  await fillEstate(moto.url)
  const { out: domain } = await openShell(server.url).run(['domains', 'create', 'Shop'])
  const shell = openShell(server.url, domain.trim())
  const secretId = await storeKey(shell)
  const options = {
    endpoint: proxy.url,
    regions: [HOME, 'us-east-1', 'global'],
    services: ['ec2', 's3', 'sns', 'sqs', 'dynamodb'],
  }
  const created = ['--plugin', 'plugin-aws', '--secret', secretId, '--options', JSON.stringify(options)]
  await shell.run(['collectors', 'create', 'AWS', ...created])
  process.stdout.write(await tell(STORY, { moto: moto.url, proxy }, shell))
} finally {
  await server.stop()
  await proxy.stop()
  await moto.stop()
}

/** From a file, since command lines can be read by everybody on a machine. */
async function storeKey(shell: Shell): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'gleaner-example-'))
  try {
    const file = join(folder, 'key.json')
    writeFileSync(file, JSON.stringify(KEY), { mode: 0o600 })
    const named = ['AWS key', '--schema', 'aws_access_key', '--data-file', file, '--json']
    const { out } = await shell.run(['secrets', 'create', ...named])
    return String(JSON.parse(out).secret_id)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
