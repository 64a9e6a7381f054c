import { NO_NAME } from '../../../src/coverage/cells.ts'
import { listCoverage, listHolds, releaseHold, retire } from '../../../src/coverage/index.ts'
import { BrokenRule } from './broken-rule.ts'
import type { Game, Player } from './play.ts'
import { cellOf, isAskedFor, isProvable, isVisible, keyOf } from './view.ts'

type Row = { key: string; state: string; cell: string }

/** Whatever is DELETED does not exist, or has left by its own change what every collector is asked for. */
export async function checkNothingFalse(game: Game): Promise<readonly Row[]> {
  const exists = new Set(game.world.things.map(keyOf))
  const rows = await readInventory(game)
  for (const { key, state } of rows) {
    if (state === 'DELETED' && exists.has(key) && !hasLeft(game, key) && !game.deleted.has(key))
      throw new BrokenRule('deleted falsely', `${key} exists and was deleted`)
  }
  // What comes into being again is DELETED in the inventory until somebody tells of it.
  game.deleted.clear()
  for (const { key, state } of rows) if (state === 'DELETED') game.deleted.add(key)
  return rows
}

/**
 * A filter among the options was met once and is not any more: to the collector that is the same as an end.
 */
function hasLeft({ world, players }: Game, key: string): boolean {
  const same = world.things.filter((each) => keyOf(each) === key)
  return players.every(({ view }) => !same.some((each) => isAskedFor(view, each)))
}

/**
 * Whatever the ledger calls complete was listed completely, but for what was left out without a word; a run
 * that was filtered or limited to a mode proves nothing about what the run before it could not read.
 */
export async function checkLedger(game: Game, player: Player, rows: readonly Row[]): Promise<void> {
  const { plan, view } = player
  const isWhole = plan.options.filter === undefined && plan.options.collectMode === undefined
  if (isWhole) player.unread = plan.fails !== undefined && !plan.failsOnce ? 'all' : plan.loud
  const { unread } = player
  const { results = [] } = await listCoverage(contextOf(game), {
    domainId: game.domainId,
    collectorId: player.collectorId,
    secretId: '',
    name: NO_NAME,
    state: '',
    gaps: '',
    maxAge: '',
    start: 0,
    limit: 0,
  })
  const active = new Set(rows.flatMap(({ key, state }) => (state === 'ACTIVE' ? [key] : [])))
  for (const { cloudServiceType: type = '', account = '', regionCode: region = '', state } of results) {
    if (state !== 'complete') continue
    const cell = cellOf({ type, account, region })
    if (unread === 'all' || unread.has(cell))
      throw new BrokenRule('called complete wrongly', `${cell} was not read to its end`)
    if (!isWhole) continue
    const told = new Set([...plan.sent, ...plan.silent])
    const missing = game.world.things.find(
      (each) =>
        cellOf(each) === cell &&
        isVisible(view, each) &&
        told.has(each) &&
        !plan.silent.includes(each) &&
        !active.has(keyOf(each)),
    )
    if (missing !== undefined)
      throw new BrokenRule('called complete wrongly', `${cell} lacks ${keyOf(missing)}`)
  }
}

/**
 * After a run that is judged the ledger counts the claims that there are, and so what the run had read
 * instead of them said the same. Others bring the counts up to date only when they have created or changed
 * something.
 */
export async function checkCounts({ harness, domainId }: Game, { plan, collectorId }: Player): Promise<void> {
  const { filter, collectMode } = plan.options
  if (filter !== undefined || collectMode !== undefined || plan.fails !== undefined) return
  const wrong = await harness.db.query(
    `with claimed as (
       select b.contributor_id, c.cell, count(*) as claims from contribution c join contributor b using (domain_id, contributor_id)
        where domain_id = $1 and b.collector_id = $2 and c.kind = 1 group by 1, 2
     ), told as (
       select t.contributor_id, t.cell, t.claims from coverage_cell t join contributor b using (domain_id, contributor_id)
        where domain_id = $1 and b.collector_id = $2
     )
     select from told full join claimed using (contributor_id, cell)
      where coalesce(told.claims, 0) <> coalesce(claimed.claims, 0)`,
    [domainId, collectorId],
  )
  if (wrong.length > 0) throw new Error(`${wrong.length} cells have other claims than the ledger says`)
}

/**
 * After enough clean runs everything that can be proven is found: what is gone and still ACTIVE is held, or
 * cannot be missed by somebody who claims it. Released, what is held goes as well.
 */
export async function checkEnd(game: Game): Promise<void> {
  await checkGone(game, await heldNames(game))
  for (const { holdId = '' } of await openHolds(game)) {
    await releaseHold(contextOf(game), { domainId: game.domainId, holdId })
  }
  await checkNothingFalse(game)
  await checkGone(game, new Set())
}

/**
 * Once what no run can miss is retired, the ledger of what is still looked at is complete, and everything
 * that a collector sees is still there. After the end: the newest run of each was clean.
 */
export async function checkRetired(game: Game): Promise<void> {
  const { domainId } = game
  for (const { collectorId } of game.players) {
    const input = {
      domainId,
      collectorId,
      secretId: '',
      name: NO_NAME,
      presence: 'unknown',
      claims: 'delete',
    }
    await retire(contextOf(game), input)
  }
  const rows = await readInventory(game)
  const seen = game.world.things.filter((each) => game.players.some(({ view }) => isVisible(view, each)))
  for (const key of new Set(seen.map(keyOf)))
    if (!rows.some((row) => row.key === key && row.state === 'ACTIVE'))
      throw new BrokenRule('deleted falsely', `${key} is seen and was retired as unknown`)
  const all = {
    collectorId: '',
    secretId: '',
    name: NO_NAME,
    state: '',
    gaps: '',
    maxAge: '',
    start: 0,
    limit: 0,
  }
  const { results = [] } = await listCoverage(contextOf(game), { domainId, ...all })
  const open = results.find(({ state }) => state !== 'complete')
  if (open !== undefined)
    throw new Error(`${open.cloudServiceType} of ${open.collectorId} is ${open.state}: ${open.reason}`)
}

async function checkGone(game: Game, held: ReadonlySet<string>): Promise<void> {
  const exists = new Set(game.world.things.map(keyOf))
  const claimed = await readClaimants(game)
  const rows = await readInventory(game)
  for (const { key, state, cell } of rows) {
    const isSeen = game.world.things.some(
      (each) => keyOf(each) === key && game.players.some(({ view }) => isVisible(view, each)),
    )
    if (isSeen && state !== 'ACTIVE') throw new BrokenRule('deleted falsely', `${key} is seen and ${state}`)
    if (exists.has(key) || state !== 'ACTIVE' || held.has(key)) continue
    const claimants = game.players.filter(({ collectorId }) => claimed.get(key)?.includes(collectorId))
    if (claimants.every((player) => isProvable(player.view, key, cell, cellsSeen(game, player, rows))))
      throw new BrokenRule('found late', `${key} is gone for long, can be proven gone, and is still ACTIVE`)
  }
}

/**
 * Cells of what a collector has told in its present epoch and still tells. Two things with one key are one
 * resource, in one cell: that of the other proves nothing.
 */
function cellsSeen({ world }: Game, { view }: Player, rows: readonly Row[]): ReadonlySet<string> {
  const told = new Set(
    world.things.filter((each) => isVisible(view, each) && view.inEpoch.has(keyOf(each))).map(keyOf),
  )
  return new Set(rows.filter(({ key }) => told.has(key)).map(({ cell }) => cell))
}

async function heldNames(game: Game): Promise<ReadonlySet<string>> {
  const rows = await game.harness.db.query<{ key: string }>(
    `select s.cloud_service_type || '/' || s.account || '/' || s.resource_id as key
       from hold h
       join contribution c on c.domain_id = h.domain_id and c.contributor_id = h.contributor_id
       join cloud_service s on s.domain_id = c.domain_id and s.cloud_service_id = c.target_id
      where h.domain_id = $1 and h.state = 'open' and c.slot < octet_length(h.slots) * 8 and get_bit(h.slots, c.slot) = 1`,
    [game.domainId],
  )
  return new Set(rows.map(({ key }) => key))
}

async function openHolds(game: Game) {
  const { results = [] } = await listHolds(contextOf(game), {
    domainId: game.domainId,
    collectorId: '',
    state: '',
  })
  return results
}

async function readInventory(game: Game): Promise<readonly Row[]> {
  return await game.harness.db.query<Row>(
    `select s.cloud_service_type || '/' || s.account || '/' || s.resource_id as key, s.state,
            s.cloud_service_type || '/' || s.account || '/' || s.region_code as cell
       from cloud_service s where s.domain_id = $1`,
    [game.domainId],
  )
}

/** Who claims something ACTIVE, by its key. */
async function readClaimants(game: Game): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await game.harness.db.query<{ key: string; collectorIds: string[] }>(
    `select s.cloud_service_type || '/' || s.account || '/' || s.resource_id as key,
            array_agg(b.collector_id) as collector_ids
       from cloud_service s
       join contribution c on c.domain_id = s.domain_id and c.target_id = s.cloud_service_id
       join contributor b on b.domain_id = c.domain_id and b.contributor_id = c.contributor_id
      where s.domain_id = $1 and s.state = 'ACTIVE' group by 1`,
    [game.domainId],
  )
  return new Map(rows.map(({ key, collectorIds }) => [key, collectorIds]))
}

function contextOf({ harness }: Game) {
  return { ...harness.context(), now: harness.now }
}
