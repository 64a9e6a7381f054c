import { toError } from '../core/errors.ts'
import { type PluginConnection, PluginError } from '../plugins/index.ts'
import { checkCancellation } from './checks/cancellation.ts'
import { checkErrors } from './checks/errors.ts'
import { checkMemory } from './checks/memory.ts'
import { checkInit, checkVerify } from './checks/protocol.ts'
import { checkRefusedSecret } from './checks/refused-secret.ts'
import { checkSecrets } from './checks/secrets.ts'
import { checkDeterminism, checkKeys, checkResources, checkSchema, checkSilence } from './checks/stream.ts'
import type { Finding, Report } from './finding.ts'
import { type Run, readRun } from './read-run.ts'
import { openWorkbench, type Workbench, type WorkbenchInput } from './workbench.ts'

/**
 * Runs a plugin through everything that a server expects of it, in any language and from any image. Never
 * throws because of the plugin: that it cannot even start is a finding.
 */
export async function checkPlugin(input: WorkbenchInput): Promise<Report> {
  const workbench = await openWorkbench(input)
  try {
    return await report(workbench)
  } finally {
    await workbench.close()
  }
}

async function report(workbench: Workbench): Promise<Report> {
  const findings: Finding[] = []
  const plugin = await attempt('start', findings, () => workbench.connect())
  if (plugin === undefined) return { image: workbench.image, name: '', version: '', findings }
  try {
    const description = await plugin.describe(workbench.signal)
    await examine(plugin, workbench, findings)
    return {
      image: workbench.image,
      name: description?.name ?? '',
      version: description?.version ?? '',
      findings,
    }
  } finally {
    plugin.release()
  }
}

/** In this order, since what comes later means little when what comes before has failed. */
async function examine(plugin: PluginConnection, workbench: Workbench, findings: Finding[]): Promise<void> {
  const add = async (check: string, work: () => Promise<readonly Finding[]>) => {
    findings.push(...((await attempt(check, findings, work)) ?? []))
  }
  const collect = () => readRun(plugin, workbench)
  await add('init', () => checkInit(plugin, workbench))
  await add('verify', () => checkVerify(plugin, workbench))
  await add('errors', () => checkErrors(plugin, workbench))
  const first = await attempt('collect', findings, collect)
  const second = first && (await attempt('collect again', findings, collect))
  if (first !== undefined && second !== undefined) findings.push(...compare(first, second))
  if (first === undefined) return
  findings.push(checkSchema(first), checkSilence(first, workbench.limits.silenceTimeoutMs))
  await add('errors', () => checkRefusedSecret(plugin, workbench, first))
  await add('cancellation', () => checkCancellation(plugin, workbench, first))
  await add('memory', () => checkMemory(plugin, workbench))
  await add('secrets', () => checkSecrets(plugin, workbench))
}

function compare(first: Run, second: Run): readonly Finding[] {
  return [...checkResources(first), ...checkKeys(first, second), ...checkDeterminism(first, second)]
}

/** A check that the plugin fails in a way that nobody expected is a finding as well. */
async function attempt<T>(
  check: string,
  findings: Finding[],
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof PluginError)) throw error
    findings.push({ check, verdict: 'failed', what: toError(error).message, advice: adviceFor(check) })
    return undefined
  }
}

function adviceFor(check: string): string {
  if (check === 'verify' || check.startsWith('collect')) {
    return 'If it needs options or a secret, give them with --options and --secret.'
  }
  return 'See what it logs when it is started by hand.'
}
