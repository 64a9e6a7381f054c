/**
 * Asks about many things, so many at once, and passes the answers on in the order of the things. The next
 * question goes out as soon as the oldest is answered, so that one that takes long holds back no more than
 * its place.
 */
export async function* askInOrder<Item, Answer>(
  items: Iterable<Item>,
  atOnce: number,
  ask: (item: Item) => Promise<Answer>,
): AsyncGenerator<Answer> {
  const open: Promise<Answer>[] = []
  for (const item of items) {
    const oldest = open.length < atOnce ? undefined : open.shift()
    if (oldest !== undefined) yield await oldest
    const answer = ask(item)
    // Whoever waits for an older one must not leave this one's failure unheard of.
    answer.catch(() => {})
    open.push(answer)
  }
  for (const answer of open) yield await answer
}
