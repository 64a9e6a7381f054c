/** A table of legal moves as a diagram that readers see: where it begins, each move, where it ends. */
export function drawMoves(
  moves: Readonly<Record<string, readonly string[]>>,
  first: readonly string[],
): string {
  const lines = Object.entries(moves).flatMap(([from, targets]) =>
    targets.length === 0 ? [`${from} --> [*]`] : targets.map((to) => `${from} --> ${to}`),
  )
  const starts = first.map((state) => `[*] --> ${state}`)
  return ['```mermaid', 'stateDiagram-v2', ...[...starts, ...lines].map((line) => `    ${line}`), '```'].join(
    '\n',
  )
}
