import { preparePluginFolder } from '../process/plugin-folder.ts'
import { PluginProcess } from '../process/plugin-process.ts'
import { choosePluginUser, isRoot } from '../process/plugin-user.ts'
import { findFreePort } from '../process/wait-for-port.ts'
import { badImage, type PluginTarget, type Runtime } from './runtime.ts'

/** Stands for a free port in the arguments of a program that takes one. */
const PORT = '{port}'

/**
 * `cmd:<command>`: any program that serves the plugin protocol. The command is a JSON array of arguments, or words parted by
 * spaces; no shell sees it. Where an argument holds `{port}` the program is given a free port and is ready when it listens
 * there; else it keeps to the start protocol of the SDK. It runs as the plugin's user from its first instruction.
 */
export const commandRuntime: Runtime = {
  prefix: 'cmd:',
  async start(target, line, context, signal) {
    const [command, ...words] = parseCommand(target, line)
    if (command === undefined || command === '') throw badImage(target, 'it names no program')
    if (line.includes('\0') || line.includes('\\u0000')) throw badImage(target, 'it holds a zero byte')
    const givenPort = words.some((word) => word.includes(PORT)) ? await findFreePort() : undefined
    const args = words.map((word) => word.replaceAll(PORT, String(givenPort)))
    const { settings, dataDir, guard, log } = context
    const user = choosePluginUser(target.pluginId, settings.dropPrivileges && isRoot())
    const folder = await preparePluginFolder({ dataDir, pluginId: target.pluginId, user })
    return PluginProcess.start(
      {
        ...target,
        command,
        args,
        folder,
        user,
        userSetBy: 'host',
        ...(givenPort === undefined ? {} : { givenPort }),
        settings,
        guard,
        log,
      },
      signal,
    )
  },
}

function parseCommand(target: PluginTarget, line: string): readonly string[] {
  if (!line.trimStart().startsWith('[')) return line.split(' ').filter((word) => word !== '')
  const words = parseJson(target, line)
  if (!Array.isArray(words) || !words.every((word) => typeof word === 'string')) {
    throw badImage(target, 'the JSON after cmd: must be an array of strings')
  }
  return words
}

function parseJson(target: PluginTarget, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw badImage(target, 'what follows cmd: begins like a JSON array but is none')
  }
}
