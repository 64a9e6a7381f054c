import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { example, type Run } from '../command-line.ts'
import { EXIT, type ExitCode } from '../failures.ts'
import { addNoun, addReads } from '../nouns.ts'
import { renderFacts } from '../output/facts.ts'
import { joinJson, renderJson } from '../output/json.ts'
import { absoluteTime, relativeTime } from '../output/time.ts'
import { writeDone, writeId } from '../output/write-done.ts'
import { field, type Listing, writeList } from '../output/write-list.ts'
import { postIn } from '../post-in.ts'
import { listOf, numberOf, textOf } from '../shapes.ts'
import { addRename } from './rename.ts'
import { SECRETS } from './secrets.ts'

const PATH = '/secret/v1/secret-group'
const post = postIn(PATH)
const ID = 'id of the secret group'

export function addSecretGroups(program: Command, run: Run): void {
  const groups = addNoun(program, 'secret-groups', 'secret-group')
    .description('Put secrets together that a collector uses together: collectors create --secret-group.')
    .addHelpText(
      'after',
      example(
        'gleaner secret-groups create Production',
        'gleaner secret-groups add secret-grp-0123456789ab secret-0123456789ab',
      ),
    )
  addReads(groups, run, {
    named: ID,
    lists: 'List the secret groups of the domain.',
    list: listGroups,
    shows: 'Show one group and the secrets in it.',
    show: showGroup,
  })
  groups
    .command('create')
    .description('Create an empty group, and print its id.')
    .argument('<name>', 'name for people')
    .action((name: string, _options: unknown, command: Command) =>
      run(command, async (ctx) => writeId(ctx, await post(ctx, 'create', { name }), 'secret_group_id')),
    )
  addRename(groups, run, { path: PATH, key: 'secret_group_id', named: ID })
  for (const [verb, method, does, done] of MEMBERSHIP) {
    groups
      .command(verb)
      .description(does)
      .argument('<id>', ID)
      .argument('<secret-id>', 'id of the secret')
      .action((id: string, secretId: string, _options: unknown, command: Command) =>
        run(command, async (ctx) => {
          const answer = await post(ctx, method, { secret_group_id: id, secret_id: secretId })
          return writeDone(ctx, answer, `${secretId} ${done} ${id}.`)
        }),
      )
  }
  groups
    .command('delete')
    .description('Delete a group that no collector uses; its secrets stay.')
    .argument('<id>', ID)
    .action((id: string, _options: unknown, command: Command) =>
      run(command, async (ctx) =>
        writeDone(ctx, await post(ctx, 'delete', { secret_group_id: id }), `Deleted ${id}.`),
      ),
    )
}

const MEMBERSHIP = [
  ['add', 'add-secret', 'Put a secret into a group: its collectors use it from their next run.', 'is in'],
  ['remove', 'remove-secret', 'Take a secret out of a group. What was collected with it stays.', 'is not in'],
] as const

const GROUPS: Listing = {
  noun: 'secret group',
  columns: [
    { heading: 'ID', isWhole: true, of: field('secret_group_id') },
    { heading: 'NAME', of: field('name') },
    { heading: 'CREATED', of: (row, now) => relativeTime(textOf(row, 'created_at'), now) },
  ],
}

async function listGroups(ctx: CliContext): Promise<ExitCode> {
  return writeList(ctx, await post(ctx, 'list', {}), GROUPS)
}

async function showGroup(ctx: CliContext, id: string): Promise<ExitCode> {
  const { isJson, out, paint, now } = ctx
  const group = await post(ctx, 'get', { secret_group_id: id })
  const results = await readMembers(ctx, id)
  const secrets = { results, total_count: results.length }
  const text = JSON.stringify(secrets)
  if (isJson) {
    out.write(renderJson(joinJson({ group: group.text, secrets: text })))
    return EXIT.success
  }
  const facts = [
    ['Secret group', textOf(group.value, 'secret_group_id')],
    ['Name', textOf(group.value, 'name')],
    ['Created', absoluteTime(textOf(group.value, 'created_at'), now())],
  ] as const
  out.write(`${renderFacts(facts, paint)}\n`)
  return writeList(ctx, { value: secrets, text }, SECRETS)
}

/** By name. The API tells the groups of a secret, and not the secrets of a group. */
async function readMembers(ctx: CliContext, id: string) {
  const members = []
  for await (const secret of allSecrets(ctx)) {
    const asked = { secret_group_id: id, secret_id: textOf(secret, 'secret_id'), query: { count_only: true } }
    const found = await post(ctx, 'list', asked)
    if (numberOf(found.value, 'total_count') > 0) members.push(secret)
  }
  return members.toSorted((a, b) => (textOf(a, 'name') < textOf(b, 'name') ? -1 : 1))
}

/**
 * The secrets of the domain, page by page; each page goes on behind the last id, whatever is stored or
 * removed meanwhile.
 */
async function* allSecrets({ client, domainId }: CliContext) {
  const key = 'secret_id'
  for (let last = ''; ; ) {
    const filter = last === '' ? [] : [{ key, operator: 'gt', value: last }]
    const query = { filter, sort: { key }, page: { limit: PAGE } }
    const { value } = await client.post('/secret/v1/secret/list', { domain_id: domainId, query })
    const found = listOf(value, 'results')
    yield* found
    if (found.length < PAGE) return
    last = textOf(found.at(-1) ?? {}, key)
  }
}

/** The most that the API gives at once. */
const PAGE = 1_000
