import type { FaultProxy } from '../../test/support/fault-proxy.ts'
import type { Step } from '../stage/tell.ts'
import { terminate } from './estate.ts'

/** What the story happens to: an emulator of AWS, and a proxy before it that can deny. */
export type World = { readonly moto: string; readonly proxy: FaultProxy }

const COLLECT = ['collect', 'AWS', '--watch']
const FOUND = [
  'search',
  'type:instance,bucket,topic,queue,table',
  '--only',
  'name,cloud_service_type,region_code',
]

const DENIAL = {
  status: 403,
  code: 'AuthorizationError',
  message:
    'User: arn:aws:iam::123456789012:user/gleaner is not authorized to perform: SNS:ListTopics because no identity-based policy allows the SNS:ListTopics action',
}

export const STORY: readonly Step<World>[] = [
  {
    title: 'Before the first run',
    text: `The collector is to read five services in two regions. Does the key work, what will it take, and what does the key have to be allowed? Nothing is listed for the answer; the
account is asked who it is, and a plan says what it assumes.`,
    commands: [
      ['collectors', 'verify', 'AWS'],
      ['plan', 'AWS'],
      ['plan', 'AWS', '--policy'],
    ],
  },
  {
    title: 'The first run',
    text: 'What was found, and how complete that is: one line of the ledger for each kind, account and region.',
    commands: [COLLECT, FOUND, ['coverage']],
  },
  {
    title: 'Prediction and fact',
    text: `The first prediction counted every list as empty. The second run is predicted from what the inventory holds, and the job shows the calls that
were made beside it.`,
    commands: [COLLECT, ['jobs', 'show', '{job}']],
  },
  {
    title: 'A permission is taken away, and an instance ends',
    text: `\`sns:ListTopics\` is denied from now on, and somebody terminates the instance \`batch\`. The check names the permission.`,
    async happens({ moto, proxy }) {
      proxy.setRule(({ action, service }) =>
        service === 'sns' && action === 'ListTopics' ? DENIAL : undefined,
      )
      await terminate(moto, 'batch')
    },
    commands: [['collectors', 'verify', 'AWS']],
    expects: 'failure',
  },
  {
    title: 'What that costs',
    text: `One list in each region, and nothing else: the topics stay as they were, and of them alone it is not known whether they still are. The lists
of instances were read whole, so that \`batch\` is missed for the first time.`,
    commands: [COLLECT, ['coverage', '--state', 'partial']],
  },
  {
    title: 'The permission is back',
    text: `Two complete lists in a row without \`batch\` are evidence enough: it is deleted, with its disk. (Complete runs count when they are ten minutes apart;
here that was set to nothing.)`,
    happens: ({ proxy }) => proxy.setRule(() => undefined),
    commands: [COLLECT, ['search', 'type:instance state:active,deleted', '--only', 'name,region_code,state']],
  },
]
