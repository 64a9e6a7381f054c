import { expect, test } from 'vitest'
import { generateMessage } from './support/generate-message.ts'
import { compareWithOracle } from './support/oracle.ts'
import { Random } from './support/random.ts'

const RUNS = Number(process.env.GLEANER_FUZZ_RUNS ?? 20_000)
const SEED = Number(process.env.GLEANER_FUZZ_SEED ?? 20_261_123)

test(`${RUNS} generated and damaged messages are read exactly as protobuf-es reads them`, {
  timeout: 0,
}, () => {
  const random = new Random(SEED)
  let accepted = 0
  for (let run = 0; run < RUNS; run++) {
    const bytes = generateMessage(random)
    const comparison = compareWithOracle(bytes)
    if (comparison.accepted) accepted++
    if (comparison.difference !== undefined) {
      expect.fail(`seed ${SEED}, run ${run}: ${comparison.difference}\n${bytes.toString('hex')}`)
    }
  }
  // A generator that only made garbage would prove nothing.
  expect(accepted / RUNS).toBeGreaterThan(0.4)
  expect(accepted / RUNS).toBeLessThan(0.9)
})
