import { InvalidParameter } from '../../core/errors.ts'
import { DomainSettings } from '../../gen/gleaner/v1/domain_settings_pb.ts'
import { getRetention, type Retention, updateRetention } from '../../housekeeping/index.ts'
import { implementService } from '../method.ts'

const FIELDS = ['jobDays', 'runDays', 'eventDays', 'historyDays'] as const satisfies (keyof Retention)[]
const MAX_DAYS = 36_500

export const domainSettingsService = implementService(DomainSettings, {
  get: {
    access: { permission: 'read', domain: 'required' },
    handle: async ({ ctx, domainId }) => ({ domainId, ...(await getRetention(ctx.db, domainId)) }),
  },
  update: {
    access: { permission: 'write', domain: 'required' },
    async handle({ ctx, domainId, request }) {
      const changes: { -readonly [K in keyof Retention]?: Retention[K] } = {}
      for (const field of FIELDS) {
        const days = request[field]
        if (days === undefined) continue
        if (days > MAX_DAYS)
          throw new InvalidParameter(nameOf(field), `not a number of days up to ${MAX_DAYS}`)
        changes[field] = days
      }
      return { domainId, ...(await updateRetention(ctx.db, domainId, changes)) }
    },
  },
})

function nameOf(field: keyof Retention): string {
  return field.replace('Days', '_days')
}
