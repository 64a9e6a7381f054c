import { expect, test } from 'vitest'
import { askInOrder } from '../src/ask-in-order.ts'

/** Questions that are answered when the test says so. */
function givenQuestions() {
  const asked = new Map<number, PromiseWithResolvers<string>>()
  const ask = (item: number) => {
    const question = Promise.withResolvers<string>()
    asked.set(item, question)
    return question.promise
  }
  return {
    ask,
    asked: () => [...asked.keys()],
    answer: (item: number) => asked.get(item)?.resolve(`a${item}`),
    asking: asked,
  }
}

test('one slow answer holds back its place alone, and answers come in order', async () => {
  const { answer, ask, asked } = givenQuestions()
  const answers = askInOrder([1, 2, 3, 4, 5], 3, ask)
  const first = answers.next()
  expect(asked()).toEqual([1, 2, 3])
  answer(3)
  answer(1)
  expect((await first).value).toBe('a1')
  const second = answers.next()
  expect(asked()).toEqual([1, 2, 3, 4])
  for (const item of [2, 4]) answer(item)
  expect([(await second).value, (await answers.next()).value]).toEqual(['a2', 'a3'])
  answer(5)
  expect([(await answers.next()).value, (await answers.next()).value]).toEqual(['a4', 'a5'])
  expect((await answers.next()).done).toBe(true)
})

test('a failure comes in its place, and one behind it ends no process', async () => {
  const { answer, ask, asking } = givenQuestions()
  const answers = askInOrder([1, 2, 3], 3, ask)
  const first = answers.next()
  asking.get(3)?.reject(new Error('third'))
  asking.get(2)?.reject(new Error('second'))
  answer(1)
  expect((await first).value).toBe('a1')
  await expect(answers.next()).rejects.toThrow('second')
})
