// A reporter of Vitest for `../verify.mjs`: what failed or did not run, by file, as JSON.
import { writeFileSync } from 'node:fs'

/** Of a failure the first lines tell what is wrong; the whole of it stands further up in the output. */
const MOST_LINES = 12

export default class FailureReport {
  #wanted = []

  onTestRunStart(specifications) {
    this.#wanted = specifications.map(({ moduleId }) => moduleId)
  }

  onTestRunEnd(modules, unhandledErrors) {
    const strayErrors = []
    const known = new Set(modules.map(({ moduleId }) => moduleId))
    // A process runs many files, one after the other; Vitest says nothing of those that were still to come when it died.
    const lost = this.#wanted.filter((file) => !known.has(file))
    const failures = [
      ...modules.filter((module) => !hasPassed(module)).flatMap(failuresOf),
      ...lost.map((file) => ({ file, test: [], message: 'the file did not run: its process had ended' })),
    ]
    for (const error of unhandledErrors) {
      const file = fileOf(error, modules)
      if (file === undefined) strayErrors.push(messageOf(error))
      else failures.push({ file, test: [], message: messageOf(error) })
    }
    const passed = modules.filter(hasPassed).map((module) => module.moduleId)
    writeFileSync(process.env.GLEANER_FAILURE_REPORT, JSON.stringify({ passed, failures, strayErrors }))
  }
}

function hasPassed(module) {
  return ['passed', 'skipped'].includes(module.state())
}

/** Never empty: a file whose process died before it was through says nothing by itself. */
function failuresOf(module) {
  const file = module.moduleId
  const outside = [module, ...module.children.allSuites()].flatMap((suite) =>
    suite.errors().map((error) => ({ file, test: [], message: messageOf(error) })),
  )
  const inside = [...module.children.allTests('failed')].map((test) => ({
    file,
    test: [test.fullName],
    message: messageOf(test.result().errors?.[0]),
  }))
  const all = [...outside, ...inside]
  return all.length > 0 ? all : [{ file, test: [], message: `the file did not end: ${module.state()}` }]
}

/**
 * The file that ran when an error came that nobody caught; Vitest names that of a dead process in its
 * message.
 */
function fileOf(error, modules) {
  const text = `${error.message}\n${error.cause?.message}`
  return error.VITEST_TEST_PATH ?? modules.find(({ moduleId }) => text.includes(moduleId))?.moduleId
}

function messageOf(error) {
  return String(error?.stack ?? error?.message ?? error)
    .split('\n')
    .slice(0, MOST_LINES)
    .join('\n')
}
