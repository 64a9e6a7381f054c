import type { CliContext } from '../cli-context.ts'
import { EXIT, type ExitCode } from '../failures.ts'
import { escapeText } from '../output/escape.ts'
import { joinJson, renderJson } from '../output/json.ts'
import { styleOfStatus } from '../output/paint.ts'
import { type Column, renderTable } from '../output/table.ts'
import { type PluginProcess, readProcesses } from '../read-plugin-processes.ts'
import { listOf, textOf, textsOf } from '../shapes.ts'

const MIB = 1_048_576

/**
 * Shows a plugin: where it comes from, which versions there are, and how its processes are. As JSON it is the
 * server's answers to these questions, each under its name.
 */
export async function showPlugin(ctx: CliContext, pluginId: string): Promise<ExitCode> {
  const { client, domainId, isJson, out, paint } = ctx
  const request = { domain_id: domainId, plugin_id: pluginId }
  const plugin = await client.post('/repository/v1/plugin/get', request)
  const versions = await client.post('/repository/v1/plugin/get-versions', request)
  const listing = await client.post('/gleaner/v1/plugin-version/get-listing', request)
  if (isJson) {
    const processes = await client.post('/gleaner/v1/plugin-process/list', request)
    const parts = { plugin: plugin.text, versions: versions.text, listing: listing.text }
    out.write(renderJson(joinJson({ ...parts, processes: processes.text })))
    return EXIT.success
  }
  const processes = await readProcesses(client, domainId, pluginId)
  const facts = [
    [textOf(plugin.value, 'name'), pluginId, textOf(plugin.value, 'state')].join('  '),
    `image     ${textOf(plugin.value, 'image')}`,
    `versions  ${textsOf(versions.value, 'results').slice(0, 10).join(', ')}`,
    ...listingFacts(listing.value),
  ]
  out.write(`${facts.map(escapeText).join('\n')}\n`)
  if (processes.length === 0) {
    out.write(paint('dim', 'No process runs it, or has run it since the server started.\n'))
    return EXIT.success
  }
  out.write(renderTable(COLUMNS, processes.map(toRow), { width: out.size()?.columns, paint }))
  for (const line of new Set(processes.flatMap(digestFacts))) out.write(`${escapeText(line)}\n`)
  for (const { version, failure, failedAt } of processes) {
    if (failure !== '') out.write(`${escapeText(`${version} failed at ${failedAt}: ${failure}`)}\n`)
  }
  return EXIT.success
}

/** Nothing where the versions are told, and so by nobody who could be away. */
function listingFacts(listing: Readonly<Record<string, unknown>>): string[] {
  if (listing.is_listed !== true) return []
  const error = textOf(listing, 'error')
  const next = `listed    by the registry, which is asked again from ${textOf(listing, 'due_at')} on`
  const kept = 'the versions that are known stay'
  return error === '' ? [next] : [next, `problem   it could not be asked: ${error}; ${kept}`]
}

/** Which image a version is, and whether it was another one when it was first run. */
function digestFacts({ version, imageDigest, firstDigest }: PluginProcess): string[] {
  if (imageDigest === '') return []
  const runs = `${version} is ${imageDigest}`
  const wasMoved = firstDigest !== '' && firstDigest !== imageDigest
  return [wasMoved ? `${runs}; its tag was moved: it was first run as ${firstDigest}` : runs]
}

const COLUMNS: readonly Column[] = [
  { heading: 'VERSION', isWhole: true },
  { heading: 'STATE', isWhole: true, style: styleOfStatus },
  { heading: 'HEALTH', isWhole: true, style: styleOfStatus },
  { heading: 'MEMORY', isWhole: true },
  { heading: 'RESTARTS', isWhole: true },
  { heading: 'DEATHS', isWhole: true },
  { heading: 'ON' },
]

function toRow(process: PluginProcess): string[] {
  const { version, state, health, memoryBytes, restarts, deaths, hostId } = process
  const memory = memoryBytes === 0 ? '' : `${Math.round(memoryBytes / MIB)} MiB`
  return [version, state, health, memory, String(restarts), String(deaths), hostId]
}

export type LogOptions = { readonly shared?: boolean }

/** Prints the last words of each process of a plugin. */
export async function showLog(
  ctx: CliContext,
  pluginId: string,
  { shared = false }: LogOptions,
): Promise<ExitCode> {
  const { client, domainId, isJson, out, paint } = ctx
  const request = { plugin_id: pluginId, ...(shared ? {} : { domain_id: domainId }) }
  const { text, value } = await client.post('/gleaner/v1/plugin-process/get-log', request)
  if (isJson) {
    out.write(renderJson(text))
    return EXIT.success
  }
  for (const log of listOf(value, 'results')) {
    out.write(paint('dim', `${escapeText(`${textOf(log, 'version')} on ${textOf(log, 'host_id')}`)}\n`))
    for (const line of textsOf(log, 'lines')) out.write(`${escapeText(line)}\n`)
  }
  return EXIT.success
}
