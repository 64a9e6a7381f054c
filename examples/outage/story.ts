import type { Step } from '../stage/tell.ts'
import type { Cloud } from './cloud.ts'

const COLLECT = ['collect', 'Nimbus', '--watch']

export const STORY: readonly Step<Cloud>[] = [
  {
    title: 'All is well',
    text: `The collector lists twelve volumes in three regions. Every region was read to its last page, so all of it is
known.`,
    commands: [COLLECT, ['coverage'], ['resources', '--only', 'name,region_code,data.size_gib']],
  },
  {
    title: 'The outage',
    text: `\`west\` answers 403. \`south\` gives its first page and says nothing of a second one. During the outage, somebody deletes the volume
\`west-2\`, and nobody can see that.`,
    happens(cloud) {
      cloud.setMood('west', 'denies')
      cloud.setMood('south', 'truncates')
      cloud.remove('west-2')
    },
    commands: [COLLECT],
  },
  {
    title: 'What is known meanwhile',
    text: `The run has seen six of twelve volumes, and nothing counts as gone. The ledger says where that is certain, and so does
every answer: of \`north\` that it is complete, of the rest what is not known and why. However often it is repeated, such a run deletes nothing.`,
    commands: [
      ['coverage'],
      ['resources', '--region', 'north', '--only', 'name,region_code'],
      ['search', 'region:south,west', '--only', 'name,region_code'],
      COLLECT,
      ['resources', '--keyword', 'west', '--only', 'name,region_code'],
    ],
  },
  {
    title: 'Both recover',
    text: `The first complete run does not see \`west-2\`: that is one miss. This plugin declares what it has listed completely, so two are enough;
one that only comes to an end needs three. (Complete runs count when they are ten minutes apart; here that was set to nothing.)`,
    happens(cloud) {
      cloud.setMood('west', 'well')
      cloud.setMood('south', 'well')
    },
    commands: [COLLECT, ['resources', '--region', 'west', '--only', 'name'], COLLECT],
  },
  {
    title: 'A proven deletion',
    text: 'Now it is gone, and its history names the jobs whose complete runs did not see it. What the outage hid is back without having ever left.',
    commands: [
      ['resources', '--region', 'west', '--only', 'name'],
      ['history', '{volume:west-2}'],
      ['coverage'],
    ],
  },
  {
    title: 'Too good to be true',
    text: `\`north\` now answers with an empty list, politely and completely. It may have been closed, or somebody has broken its API. A region
that falls from some to none is more than evidence can carry, so the deletion waits for somebody who knows.`,
    happens: (cloud) => cloud.setMood('north', 'mute'),
    commands: [
      COLLECT,
      COLLECT,
      ['coverage'],
      ['holds', 'list'],
      ['resources', '--region', 'north', '--only', 'name'],
    ],
  },
  {
    title: 'Released',
    text: 'It was closed. Whoever says so stands in the history. Had it been a mistake, the hold would have lapsed with the next run that sees the volumes.',
    commands: [['holds', 'release', '{hold}'], ['history', '{volume:north-1}'], ['coverage']],
  },
  {
    title: 'Forbidden for good',
    text: `A policy of the organization closes \`west\`, on purpose. Somebody who knows that accepts the gap: it stays one, nothing in it counts as
gone, and it is told apart from now on.`,
    happens: (cloud) => cloud.setMood('west', 'denies'),
    commands: [
      COLLECT,
      [
        ...['coverage', 'accept', '--collector', 'Nimbus', '--region', 'west', '--class', 'denied'],
        ...['--reason', 'closed by policy'],
      ],
      ['coverage'],
      ['coverage', 'acceptances'],
    ],
  },
  {
    title: 'The new gap',
    text: 'So what goes wrong next is not one more line among those that nobody reads any more.',
    happens: (cloud) => cloud.setMood('south', 'truncates'),
    commands: [COLLECT, ['coverage', '--gaps', 'unaccepted']],
  },
]
