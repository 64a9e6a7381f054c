import { InvalidInput, type Plan, type PlanContext } from '@gleaner/sdk'
import { chooseServices, planCells } from '../cells.ts'
import { toError } from '../errors.ts'
import { mergeSources } from '../merge.ts'
import type { Options, Secret } from '../options.ts'
import { SERVICES } from '../services/index.ts'
import { accountsOf } from '../tasks.ts'
import type { Catalog } from '../wide/catalog.ts'
import { planWideCells } from '../wide/cells.ts'
import { loadWideData } from '../wide/load-data.ts'
import { isRegistryDue, knownCatalog } from '../wide/open-catalog.ts'
import { askAccount, type PlannedAccount } from './ask-account.ts'
import { assumptionsOf } from './assumptions.ts'
import { callsByApi, type Forecast, sumForecasts } from './forecast.ts'
import { countKnown } from './known-counts.ts'
import { permissionsFor } from './permissions.ts'
import { policiesFor } from './policy.ts'
import { predictRegistry, predictWide, predictWork } from './predict-work.ts'
import { sumTimes, timeOf } from './reckon-time.ts'
import { rolesOf } from './roles-of.ts'

type Planning = PlanContext<Options, Secret>

/**
 * Predicts a collection of all accounts. Each is asked who it is and which regions it has, and nothing else.
 * What cannot be asked is assumed and said, since whoever wants to know the policy may not have it yet.
 */
export async function plan(ctx: Planning): Promise<Plan> {
  const { options } = ctx
  const { problems, wanted } = await chooseAccounts(ctx)
  const accounts: PlannedAccount[] = []
  const asked = wanted.map((account) => () => askAccount(ctx, account))
  for await (const account of mergeSources(asked, options.concurrency)) accounts.push(account)

  const catalog = knownCatalog(options)
  const registry = isRegistryDue(options)
    ? [predictRegistry(accounts[0]?.account ?? '', options, ctx.secretData)]
    : []
  const forecasts = accounts.map((account, at) =>
    sumForecasts([...(at === 0 ? registry : []), predictAccount(ctx, account, catalog)]),
  )
  const time = sumTimes(forecasts.map((each, at) => timeOf(ctx, each, accounts[at]?.regions ?? [])))
  const permissions = permissionsFor(options, catalog)
  const roles = rolesOf(
    ctx,
    accounts.filter(({ isOther }) => isOther),
  )
  const policies = policiesFor({ ...permissions, roles, partition: accounts[0]?.partition ?? 'aws' })
  return {
    apis: [...callsByApi(sumForecasts(forecasts))].map(([api, calls]) => ({
      api,
      calls,
      ...time.ofApi.get(api),
      permissions: permissions.ofApi.get(api) ?? [],
    })),
    seconds: time.total,
    policies,
    notes: [
      ...problems,
      ...accounts.flatMap(({ problem }) => problem ?? []),
      ...assumptionsOf({
        options,
        isFirst: ctx.known.length === 0,
        time,
        isWide: catalog !== undefined,
        policies: policies.length,
        leftOut: permissions.leftOut,
        assumesRoles: roles.length > 0,
      }),
    ],
  }
}

type Chosen = { readonly wanted: readonly (string | undefined)[]; readonly problems: readonly string[] }

async function chooseAccounts(ctx: Planning): Promise<Chosen> {
  try {
    const { accounts, closed } = await accountsOf(ctx)
    return { wanted: accounts, problems: closed.map(({ message }) => `not in the plan: ${message}`) }
  } catch (error) {
    ctx.signal.throwIfAborted()
    if (error instanceof InvalidInput) throw error
    const { message } = toError(error)
    return {
      wanted: [undefined],
      problems: [`the organization could not be asked, so one account is assumed: ${message}`],
    }
  }
}

/** A task opens its account for itself, once for each group of regions. */
function predictAccount(
  ctx: Planning,
  { account, isOther, regions }: PlannedAccount,
  catalog: Catalog | undefined,
): Forecast {
  const { known, options } = ctx
  const countOf = countKnown(known)
  const cells = planCells(chooseServices(SERVICES, options.services), regions)
  const deep = predictWork({ account, isOther, tasks: options.region_groups, cells }, countOf, ctx)
  if (catalog === undefined) return deep
  const wideCells = planWideCells(catalog, loadWideData(), { home: options.home_region, regions })
  return sumForecasts([deep, predictWide(account, { catalog, cells: wideCells }, countOf, options)])
}
