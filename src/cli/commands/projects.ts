import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { example, type Run } from '../command-line.ts'
import { EXIT, type ExitCode } from '../failures.ts'
import { addNoun, addReads } from '../nouns.ts'
import { countOf } from '../output/count.ts'
import { renderFacts } from '../output/facts.ts'
import { prettyJson, renderJson } from '../output/json.ts'
import { type Column, renderTable } from '../output/table.ts'
import { absoluteTime, relativeTime } from '../output/time.ts'
import { listOf, numberOf, objectOf, textOf } from '../shapes.ts'

const PATH = '/identity/v1/project'

export function addProjects(program: Command, run: Run): void {
  const projects = addNoun(program, 'projects', 'project')
    .description('List, show, create and delete projects.')
    .addHelpText('after', example('gleaner projects', "gleaner projects create 'Web shop'"))
  addReads(projects, run, {
    named: 'id of the project',
    lists: 'List the projects of the domain.',
    list: listProjects,
    shows: 'Show one project.',
    show: showProject,
  })
  projects
    .command('create')
    .description('Create a project, and print its id.')
    .argument('<name>', 'name for people')
    .action((name: string, _options: unknown, command: Command) =>
      run(command, (ctx) => createProject(ctx, name)),
    )
  projects
    .command('delete')
    .description('Delete a project that nothing belongs to any more.')
    .argument('<id>', 'id of the project')
    .action((id: string, _options: unknown, command: Command) =>
      run(command, (ctx) => deleteProject(ctx, id)),
    )
}

async function listProjects({ client, domainId, isJson, out, paint, now }: CliContext): Promise<ExitCode> {
  const answer = await client.post(`${PATH}/list`, { domain_id: domainId })
  if (isJson) {
    out.write(renderJson(answer.text))
    return EXIT.success
  }
  const rows = listOf(answer.value, 'results').map((project) => [
    textOf(project, 'project_id'),
    textOf(project, 'name'),
    relativeTime(textOf(project, 'created_at'), now()),
  ])
  if (rows.length > 0) out.write(renderTable(COLUMNS, rows, { width: out.size()?.columns, paint }))
  const total = numberOf(answer.value, 'total_count')
  out.write(paint('dim', `Showing ${rows.length} of ${countOf(total, 'project')}.\n`))
  return EXIT.success
}

const COLUMNS: readonly Column[] = [
  { heading: 'ID', isWhole: true },
  { heading: 'NAME' },
  { heading: 'CREATED' },
]

async function showProject(ctx: CliContext, id: string): Promise<ExitCode> {
  const { client, domainId, isJson, out, paint } = ctx
  const { value, text } = await client.post(`${PATH}/get`, { domain_id: domainId, project_id: id })
  if (isJson) {
    out.write(renderJson(text))
    return EXIT.success
  }
  const facts = [
    ['Project', textOf(value, 'project_id')],
    ['Name', textOf(value, 'name')],
    ['Created', absoluteTime(textOf(value, 'created_at'), ctx.now())],
    ['Created by', textOf(value, 'created_by')],
  ] as const
  out.write(renderFacts(facts, paint))
  const tags = objectOf(value, 'tags')
  if (Object.keys(tags).length > 0) out.write(`\n${paint('bold', 'Tags')}\n${prettyJson(tags)}`)
  return EXIT.success
}

async function createProject({ client, domainId, isJson, out }: CliContext, name: string): Promise<ExitCode> {
  const { value, text } = await client.post(`${PATH}/create`, { domain_id: domainId, name })
  out.write(isJson ? renderJson(text) : `${textOf(value, 'project_id')}\n`)
  return EXIT.success
}

async function deleteProject({ client, domainId, isJson, out }: CliContext, id: string): Promise<ExitCode> {
  const { text } = await client.post(`${PATH}/delete`, { domain_id: domainId, project_id: id })
  out.write(isJson ? renderJson(text) : `Deleted ${id}.\n`)
  return EXIT.success
}
