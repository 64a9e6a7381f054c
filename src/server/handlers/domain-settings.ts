import { InvalidParameter } from '../../core/errors.ts'
import { assertNoViolations } from '../../core/violations.ts'
import { readMaxAge, writeMaxAge } from '../../coverage/index.ts'
import { DomainSettings } from '../../gen/gleaner/v1/domain_settings_pb.ts'
import {
  getSettings,
  type Retention,
  type DomainSettings as Settings,
  updateSettings,
} from '../../housekeeping/index.ts'
import { implementService } from '../method.ts'

const FIELDS = [
  'jobDays',
  'runDays',
  'eventDays',
  'historyDays',
  'openingDays',
  'deletedDays',
] as const satisfies (keyof Retention)[]
const MAX_DAYS = 36_500

export const domainSettingsService = implementService(DomainSettings, {
  get: {
    access: { permission: 'read', domain: 'required' },
    handle: async ({ ctx, domainId }) => toView(domainId, await getSettings(ctx.db, domainId)),
  },
  update: {
    access: { permission: 'write', domain: 'required' },
    async handle({ ctx, domainId, request }) {
      const changes: { -readonly [K in keyof Retention]?: Retention[K] } = {}
      for (const field of FIELDS) {
        const days = request[field]
        if (days !== undefined) changes[field] = days
      }
      assertNoViolations(violationsOf(changes))
      const { maxAge } = request
      const age = maxAge === undefined ? {} : { maxAgeHours: readMaxAge(maxAge, 'max_age') }
      return toView(domainId, await updateSettings(ctx.db, domainId, { ...changes, ...age }))
    },
  },
})

function toView(domainId: string, { maxAgeHours, ...days }: Settings) {
  return { domainId, ...days, maxAge: writeMaxAge(maxAgeHours) }
}

function violationsOf(changes: Partial<Retention>): readonly InvalidParameter[] {
  return FIELDS.filter((field) => (changes[field] ?? 0) > MAX_DAYS).map(
    (field) => new InvalidParameter(nameOf(field), `not a number of days up to ${MAX_DAYS}`),
  )
}

function nameOf(field: keyof Retention): string {
  return field.replace('Days', '_days')
}
