import { expect } from 'vitest'
import { finishTask } from '../../../../src/jobs/end/finish-task.ts'
import { recordBatch } from '../../../../src/jobs/part/record-batch.ts'
import type { Database } from '../../../../src/storage/index.ts'
import { message, runOnce } from '../support.ts'
import { messageOf, type Said, type Voice, type Word } from './model.ts'
import { countersOf, failuresOf, givenTask, type Task, takeOver } from './task.ts'

/** What one task of a contributor counted, as its row has it. */
export type Counters = { readonly created: number; readonly updated: number; readonly unchanged: number }

/**
 * One task of a contributor, in as many attempts as it takes: each sends the same words in another order, and
 * all but the last one die somewhere. Then moves the model on, and compares the task's row with it.
 */
export async function runTaskOf(db: Database, voice: Voice): Promise<Counters> {
  const said = planWords(voice)
  let task = await givenTask(db, voice.contributor)
  const paused: Promise<unknown>[] = []
  for (let dies = true; dies; ) {
    dies = task.attempt < 4 && voice.random.chance(0.6)
    const stream = planStream(voice, said)
    const attempt = startAttempt(db, voice, stream.messages, { task, dies })
    const outcome = await Promise.race([attempt.outcome, attempt.hasPaused])
    if (outcome === 'paused') paused.push(attempt.outcome)
    if (dies) task = await takeOver(db, task)
    else {
      const refused = await failuresOf(db, task)
      expect({ outcome, refused }).toEqual({ outcome: 'complete', refused: stream.refused })
    }
  }
  await finishTask(db, task, { status: 'SUCCESS', complete: true, at: new Date() })
  // Whoever wakes up after that has nothing to say any more.
  await Promise.all(paused)
  const counters = await countersOf(db, task)

  expect(counters.created + counters.updated + counters.unchanged).toBe(said.length)
  const same = said.filter(({ id, word }) => voice.words.get(id) === word).length
  expect(counters.unchanged).toBeGreaterThanOrEqual(same)
  voice.hear(said)
  return counters
}

/** What it says this time: most as before, some changed, some new, some left out. */
function planWords(voice: Voice): readonly Said[] {
  const { random, words } = voice
  const said: Said[] = []
  for (const [id, word] of words) {
    if (random.chance(0.1)) continue
    const older = voice.older.get(id)
    if (older !== undefined && random.chance(0.1)) said.push({ id, word: older })
    else said.push({ id, word: random.chance(0.2) ? newWord(voice) : word })
  }
  const ids = Array.from({ length: 1 + random.below(60) }, () => `r${random.below(120)}`)
  for (const id of new Set(ids)) if (!words.has(id)) said.push({ id, word: newWord(voice) })
  return said
}

function newWord({ random, rank }: Voice): Word {
  const data: Record<string, number> = { [`own${rank}`]: random.below(1_000) }
  for (let key = 0; key < 3; key++) if (random.chance(0.5)) data[`k${key}`] = random.below(1_000)
  return { name: random.chance(0.3) ? '' : `n${random.below(1_000)}`, data }
}

/** The words as messages: in any order, some in other bytes, some twice, some contradicted, some unusable. */
function planStream(voice: Voice, said: readonly Said[]) {
  const { random, words } = voice
  const messages: Uint8Array[] = []
  let refused = 0
  for (const { id, word } of random.shuffle(said)) {
    const isReordered = random.chance(0.3)
    messages.push(messageOf(id, word, isReordered))
    if (random.chance(0.1)) messages.push(messageOf(id, word, !isReordered))
    if (random.chance(0.05)) {
      // Never what is stored: whether a memo is still known then would depend on where batches end.
      messages.push(messageOf(id, { name: 'twin', data: { twin: messages.length, ...words.get(id)?.data } }))
      refused++
    }
    if (random.chance(0.03)) {
      messages.push(random.chance(0.5) ? Uint8Array.of(0xff, 0xff, 0xff) : unsupported())
      refused++
    }
  }
  return { messages, refused }
}

function unsupported(): Uint8Array {
  return message('inventory.Server', ['name'], { name: 'old' })
}

/**
 * Cuts the messages into chunks, and dies on the way where it is to: the plugin breaks off, the worker stops,
 * or it pauses so long that another one takes over, and then goes on as if nothing had happened.
 */
function startAttempt(
  db: Database,
  { random, contributor }: Voice,
  messages: readonly Uint8Array[],
  { task, dies }: { readonly task: Task; readonly dies: boolean },
) {
  const stop = new AbortController()
  const pause = Promise.withResolvers<'paused'>()
  const [way, dieAt, cut] = [random.below(3), random.below(messages.length + 1), 1 + random.below(40)]
  async function* stream() {
    for (let at = 0; at < messages.length; at += cut) {
      if (dies && at >= dieAt) {
        if (way === 0) throw new Error('the plugin died')
        if (way === 1) stop.abort(new Error('the worker stops'))
        if (way === 2) pause.resolve('paused')
      }
      stop.signal.throwIfAborted()
      yield messages.slice(at, at + cut)
    }
    if (dies && way !== 2) throw new Error('the plugin died at last')
  }
  const run = runOnce(db, contributor, stream(), {
    attempt: task.attempt,
    taskSeq: task.seq,
    signal: stop.signal,
    maxBatchItems: 1 + random.below(30),
    recordBatch: (tx, counts) => recordBatch(tx, task, counts),
  })
  return { outcome: run.then(({ outcome }) => outcome), hasPaused: pause.promise }
}
