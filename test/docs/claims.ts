/** Reads a file of the repository by its path from `docs/`; undefined where there is none. */
export type ReadFile = (path: string) => string | undefined

const CLAIM = /^(\d+)\. (.*)$/gm
/** A link to a test, and the names of tests in it that stand behind it. */
const PROOF = /\[[^\]]+\]\(([^)]+)\)((?:\s*“[^”]*”)*)/g

/**
 * What is wrong with a page of numbered claims: numbers that are out of order, claims without a test, tests
 * that are not there. A claim is one line, which links to files of tests; names of tests stand behind their
 * file in “quotation marks”, whole or in part.
 */
export function problemsOf(page: string, read: ReadFile): readonly string[] {
  const claims = [...page.matchAll(CLAIM)]
  const problems = claims.flatMap(([, number = '', text = ''], at) => [
    ...(Number(number) === at + 1 ? [] : [`claim ${number} stands where ${at + 1} should`]),
    ...problemsOfClaim(text, read).map((problem) => `claim ${number}: ${problem}`),
  ])
  return [...problems, ...unknownReferences(page, claims.length)]
}

function problemsOfClaim(text: string, read: ReadFile): readonly string[] {
  const proofs = [...text.matchAll(PROOF)].map(([, path = '', names = '']) => ({
    path,
    names: [...names.matchAll(/“([^”]*)”/g)].map(([, name = '']) => name),
  }))
  if (proofs.length === 0) return ['no test is named']
  return proofs.flatMap(({ path, names }) => {
    if (!path.endsWith('.test.ts')) return [`${path} is no test`]
    const file = read(path)
    if (file === undefined) return [`there is no ${path}`]
    return names.filter((name) => !file.includes(name)).map((name) => `${path} has no test “${name}”`)
  })
}

/** Rows of tables whose last column lists claims. */
function unknownReferences(page: string, count: number): readonly string[] {
  const rows = page.matchAll(/^\| (.*) \| ((?:\d+, )*\d+) \|$/gm)
  return [...rows].flatMap(([, what = '', numbers = '']) =>
    numbers
      .split(', ')
      .filter((number) => Number(number) > count || Number(number) < 1)
      .map((number) => `“${what}” names claim ${number}, which is not there`),
  )
}
