import { InvalidInput } from '@gleaner/sdk'
import type { Options, Secret } from './options.ts'

/** What is to be collected, as the options say: projects by id or number, and what holds projects. */
export type Parents = { readonly projects: readonly string[]; readonly containers: readonly string[] }

const PROJECT = /^projects\/([a-z][a-z0-9.:-]*|\d+)$/
const CONTAINER = /^(folders|organizations)\/\d+$/

/** Reads `options.parents`, each once. Refuses with all that is wrong with them. */
export function readParents({ parents }: Options, { project_id: own }: Secret): Parents {
  const chosen = parents.length > 0 ? [...new Set(parents)] : own === undefined ? [] : [`projects/${own}`]
  if (chosen.length === 0)
    throw new InvalidInput(['options.parents must say what to collect, since the secret names no project'])
  const wrong = chosen.filter((parent) => !PROJECT.test(parent) && !CONTAINER.test(parent))
  if (wrong.length > 0)
    throw new InvalidInput(
      wrong.map(
        (parent) =>
          `options.parents: '${parent}' must be like projects/my-project, folders/123 or organizations/123`,
      ),
    )
  return {
    projects: chosen
      .filter((parent) => PROJECT.test(parent))
      .map((parent) => parent.slice('projects/'.length)),
    containers: chosen.filter((parent) => CONTAINER.test(parent)),
  }
}
