import type { JsonObject } from '@bufbuild/protobuf'
import { type GleanerError, InvalidParameter } from '../core/errors.ts'
import type { Scheduled } from './plan.ts'

/**
 * What speaks against running a plugin by this plan: kinds that its metadata does not list under
 * `supported_schedules`. A plugin that lists nothing supports all; `hours` stands for minutes as well.
 */
export function supportViolations(scheduled: Scheduled, metadata: JsonObject): readonly GleanerError[] {
  const supported = metadata.supported_schedules
  if (!Array.isArray(supported)) return []
  return kindsUsed(scheduled)
    .filter((kind) => !supported.includes(kind) && !(kind === 'minutes' && supported.includes('hours')))
    .map((kind) => {
      const known = supported.filter((each) => typeof each === 'string').join(', ') || 'none'
      const reason = `the plugin does not support such schedules; it supports: ${known}. Whoever runs the server can allow them with GLEANER_SCHEDULES_IGNORE_PLUGIN_SUPPORT`
      return new InvalidParameter(`schedule.${kind}`, reason, 'ERROR_UNSUPPORTED_SCHEDULE')
    })
}

function kindsUsed({ cron, interval, minutes, hours }: Scheduled): readonly string[] {
  const used = {
    cron: cron !== '',
    interval: interval !== 0,
    minutes: minutes.length > 0,
    hours: hours.length > 0,
  }
  return Object.entries(used).flatMap(([kind, isUsed]) => (isUsed ? [kind] : []))
}
