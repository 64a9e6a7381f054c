import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { FailedPrecondition, InvalidParameter } from '../core/errors.ts'

const SDK = join(import.meta.dirname, '../../sdk')
const TEMPLATE = join(SDK, 'template')
const NAME = /^[a-z][a-z0-9-]{0,62}$/
/** Stands in the template for the plugin's own name. */
const PLACEHOLDER = 'plugin-name'
const FILES = ['package.json', 'plugin.ts', 'test.ts']

/**
 * Makes a folder with a plugin that works, its test and a recording. The SDK is linked from this clone or
 * package, so that nothing has to be installed. Returns the folder.
 */
export async function createPluginFolder(name: string, folder = name): Promise<string> {
  if (!NAME.test(name)) {
    throw new InvalidParameter(
      'name',
      `'${name}' must be lowercase letters, digits and dashes, and begin with a letter`,
    )
  }
  const path = resolve(folder)
  await mkdir(path, { recursive: true })
  if ((await readdir(path)).length > 0) {
    const message = `folder ${path} is not empty, and nothing was written. Name another one`
    throw new FailedPrecondition('ERROR_FOLDER_NOT_EMPTY', message)
  }
  await cp(TEMPLATE, path, { recursive: true })
  for (const file of FILES) {
    const text = await readFile(join(path, file), 'utf8')
    await writeFile(join(path, file), text.replaceAll(PLACEHOLDER, name))
  }
  await mkdir(join(path, 'node_modules/@gleaner'), { recursive: true })
  await symlink(SDK, join(path, 'node_modules/@gleaner/sdk'))
  return path
}
