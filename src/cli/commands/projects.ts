import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { example, type Run } from '../command-line.ts'
import { EXIT, type ExitCode } from '../failures.ts'
import { addNoun, addReads } from '../nouns.ts'
import { renderFacts } from '../output/facts.ts'
import { prettyJson, renderJson } from '../output/json.ts'
import { absoluteTime, relativeTime } from '../output/time.ts'
import { writeDone, writeId } from '../output/write-done.ts'
import { field, type Listing, writeList } from '../output/write-list.ts'
import { objectOf, textOf } from '../shapes.ts'
import { addRename } from './rename.ts'

const PATH = '/identity/v1/project'

export function addProjects(program: Command, run: Run): void {
  const projects = addNoun(program, 'projects', 'project')
    .description('List, show, create, rename and delete projects.')
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
  addRename(projects, run, { path: PATH, key: 'project_id', named: 'id of the project' })
  projects
    .command('delete')
    .description('Delete a project that nothing belongs to any more.')
    .argument('<id>', 'id of the project')
    .action((id: string, _options: unknown, command: Command) =>
      run(command, (ctx) => deleteProject(ctx, id)),
    )
}

async function listProjects(ctx: CliContext): Promise<ExitCode> {
  return writeList(ctx, await ctx.client.post(`${PATH}/list`, { domain_id: ctx.domainId }), PROJECTS)
}

const PROJECTS: Listing = {
  noun: 'project',
  columns: [
    { heading: 'ID', isWhole: true, of: field('project_id') },
    { heading: 'NAME', of: field('name') },
    { heading: 'CREATED', of: (row, now) => relativeTime(textOf(row, 'created_at'), now) },
  ],
}

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

async function createProject(ctx: CliContext, name: string): Promise<ExitCode> {
  const answer = await ctx.client.post(`${PATH}/create`, { domain_id: ctx.domainId, name })
  return writeId(ctx, answer, 'project_id')
}

async function deleteProject(ctx: CliContext, id: string): Promise<ExitCode> {
  const answer = await ctx.client.post(`${PATH}/delete`, { domain_id: ctx.domainId, project_id: id })
  return writeDone(ctx, answer, `Deleted ${id}.`)
}
