import type { Finding } from '../finding.ts'
import type { Run } from '../read-run.ts'

/** Of the silence that a server bears, what is taken for too near to it. */
const SILENCE_SHARE = 0.2

/** What came can be understood and stored. */
export function checkResources({ counts, errors, messages, rejected }: Run): readonly Finding[] {
  const total = `${counts.cloud_service} resources, ${counts.cloud_service_type} types, ${counts.region} regions`
  return [
    refused(rejected, counts.rejected, total),
    empty(counts.cloud_service, messages),
    reported(errors, counts.error),
  ]
}

function refused(rejected: readonly string[], count: number, total: string): Finding {
  if (count === 0) return { check: 'resources', verdict: 'passed', what: total }
  return {
    check: 'resources',
    verdict: 'failed',
    what: `${count} of its messages cannot be stored; the first: ${rejected[0]}`,
    advice:
      'Correct the field that is named. Such a resource is counted as failed, and its deletion is never noticed.',
  }
}

function empty(services: number, messages: number): Finding {
  if (services > 0) return { check: 'content', verdict: 'passed', what: `${messages} messages` }
  const advice =
    'Nothing that follows could be tried. Give options and a secret with which it finds something.'
  return { check: 'content', verdict: 'warning', what: 'it found no resource', advice }
}

function reported(errors: readonly string[], count: number): Finding {
  if (count === 0) return { check: 'partial failures', verdict: 'passed', what: 'it reports none' }
  const what = `it reports ${count}; the first: ${errors[0]}`
  const advice =
    'What an ErrorResource names counts as unread. If it should have been readable, look into the secret.'
  return { check: 'partial failures', verdict: 'warning', what, advice }
}

/** Data are as the plugin itself has declared. */
export function checkSchema({ broken, declaredKinds, services }: Run): Finding {
  const check = 'data schema'
  if (declaredKinds === 0) return { check, verdict: 'skipped', what: 'it declares no schema of data' }
  if (services.size === 0) return nothingToTry(check)
  if (broken.length === 0) return { check, verdict: 'passed', what: `as declared for ${declaredKinds} kinds` }
  const what = `the data of ${broken.length} resources are not as declared; the first: ${broken[0]}`
  const advice = 'Correct the declared schema of the resource type, or the data.'
  return { check, verdict: 'failed', what, advice }
}

/** It never says nothing for so long that a slower day would make a server give it up. */
export function checkSilence({ silenceMs }: Run, silenceTimeoutMs: number): Finding {
  const check = 'deadline of collect'
  const what = `the longest silence of a stream was ${Math.round(silenceMs)} ms`
  if (silenceMs < silenceTimeoutMs * SILENCE_SHARE) return { check, verdict: 'passed', what }
  const advice = `A server gives a stream up that is silent for ${silenceTimeoutMs / 1_000} s. Yield resources as they come, page by page, and give calls to the provider a time limit.`
  return { check, verdict: 'warning', what, advice }
}

/** Every resource has a key of its own, and the same one in every run. */
export function checkKeys(first: Run, second: Run): readonly Finding[] {
  if (first.services.size === 0) return [nothingToTry('unique keys'), nothingToTry('stable keys')]
  return [unique(first), stable(first, second)]
}

function nothingToTry(check: string): Finding {
  return { check, verdict: 'skipped', what: 'no resource came to try it on' }
}

function unique({ duplicates, services }: Run): Finding {
  if (duplicates.length === 0)
    return { check: 'unique keys', verdict: 'passed', what: `${services.size} keys` }
  return {
    check: 'unique keys',
    verdict: 'failed',
    what: `${duplicates.length} keys came more than once, such as '${duplicates[0]}'`,
    advice:
      'Two resources of one key overwrite each other. Put what tells them apart into reference.resource_id, or set account.',
  }
}

function stable(first: Run, second: Run): Finding {
  const gone = [...first.services.keys()].filter((key) => !second.services.has(key))
  const fresh = [...second.services.keys()].filter((key) => !first.services.has(key))
  const changed = Math.max(gone.length, fresh.length)
  if (changed === 0) return { check: 'stable keys', verdict: 'passed', what: 'the same in two runs' }
  const share = changed / Math.max(1, first.services.size)
  const what = `${changed} of ${first.services.size} keys are others in the second run, such as '${gone[0] ?? fresh[0]}'`
  const advice =
    'Build keys from the ids of the provider alone: no counters, times or random parts. If the estate itself changed between the runs, run the check again.'
  return { check: 'stable keys', verdict: share > 0.1 ? 'failed' : 'warning', what, advice }
}

/** Equal content is sent as equal bytes, so that an unchanged resource costs a hash. */
export function checkDeterminism(first: Run, second: Run): readonly Finding[] {
  if (first.services.size === 0) return [nothingToTry('determinism')]
  let shuffled = 0
  const changed: string[] = []
  for (const [key, before] of first.services) {
    const after = second.services.get(key)
    if (after === undefined || after.bytes === before.bytes) continue
    if (after.content === before.content) shuffled++
    else changed.push(key)
  }
  if (changed.length > 0) {
    const advice =
      'Keep out what changes by itself: times of reading, counters, free space, lists in random order. Each difference is a change in the history.'
    const what = `${changed.length} resources have another content in the second run, such as '${changed[0]}'`
    return [
      {
        check: 'determinism',
        verdict: changed.length > first.services.size / 10 ? 'failed' : 'warning',
        what,
        advice,
      },
    ]
  }
  if (shuffled > 0) {
    const advice =
      'Write keys in a fixed order: then an unchanged resource is recognized by its bytes, at a third of the cost.'
    return [
      {
        check: 'determinism',
        verdict: 'warning',
        what: `${shuffled} resources are equal, but not in their bytes`,
        advice,
      },
    ]
  }
  return [{ check: 'determinism', verdict: 'passed', what: 'equal bytes in two runs' }]
}
