import { casesOf } from '../case.ts'
import { naming, own, SERVICE } from './own-collector.ts'

const { answers, refuses } = casesOf(SERVICE)

export const COLLECT_CASES = [
  answers('collect', 'everything', own(), { status: 'IN_PROGRESS', total_tasks: 1, remained_tasks: 1 }),
  answers('collect', 'only what is new', own({ collect_mode: 'CREATE' }), { status: 'IN_PROGRESS' }),
  answers('collect', 'with what the plugin has cached', own({ use_cache: true }), { status: 'IN_PROGRESS' }),
  refuses(
    'collect',
    'from a disabled collector',
    async (world) => {
      const collector = await world.collector()
      await world.given(`${SERVICE}.disable`, collector)
      return collector
    },
    ['failed_precondition', 'ERROR_COLLECTOR_STATE', 'disabled'],
  ),
  refuses('collect', 'an unknown mode', own({ collect_mode: 'SOME' }), [
    'invalid',
    'ERROR_INVALID_PARAMETER',
    "'collect_mode'",
  ]),
  refuses('collect', 'a filter key that the plugin does not know', own({ filter: { planet: 'mars' } }), [
    'invalid',
    'ERROR_UNSUPPORTED_FILTER_KEY',
    'planet',
  ]),
  refuses(
    'collect',
    'everything wrong at once',
    own({ collect_mode: 'SOME', filter: { planet: 'mars' }, secret_id: 'secret-ffffffffffff' }),
    ['invalid', 'ERROR_INVALID_PARAMETER', ["'collect_mode'", "'filter.planet'", "'secret_id'"]],
  ),
  refuses('collect', 'no collector and an unknown mode', own({ collector_id: '', collect_mode: 'SOME' }), [
    'invalid',
    'ERROR_REQUIRED_PARAMETER',
    ["'collector_id'", "'collect_mode'"],
  ]),
  refuses('collect', 'a secret outside the selection', own({ secret_id: 'secret-ffffffffffff' }), [
    'invalid',
    'ERROR_INVALID_PARAMETER',
    "'secret_id'",
  ]),
  ...naming('collect'),
]
