/**
 * Does the same for each of many, at most so many at once; answers stand in the order of the items. The first
 * failure is thrown.
 */
export async function inTurn<Item, Answer>(
  items: readonly Item[],
  most: number,
  work: (item: Item) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const answers: Answer[] = []
  const waiting = items.entries()
  async function takeNext(): Promise<void> {
    for (const [at, item] of waiting) answers[at] = await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, takeNext))
  return answers
}
