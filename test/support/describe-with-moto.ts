import { afterAll, beforeAll, describe } from 'vitest'
import { type Moto, prepareMoto, startMoto } from './moto.ts'

/**
 * A group of tests with a moto of its own, which starts before whatever else the group prepares and ends
 * after it. Where none can be run the group is skipped, and what is missing is said.
 */
export function describeWithMoto(name: string, define: (moto: Pick<Moto, 'url'>) => void): void {
  const python = prepareMoto()
  if ('missing' in python) console.warn(`SKIPPED: moto cannot be run here: ${python.missing}`)
  describe.skipIf('missing' in python)(name, () => {
    let moto: Moto | undefined
    beforeAll(async () => {
      if ('python' in python) moto = await startMoto(python.python)
    })
    afterAll(() => moto?.stop())
    define({
      get url() {
        if (moto === undefined) throw new Error('moto has not started')
        return moto.url
      },
    })
  })
}
