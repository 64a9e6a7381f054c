/** What a history may show to be wrong. */
export type Rule = 'deleted falsely' | 'found late' | 'called complete wrongly'

/**
 * A rule of the property that a history breaks; everything else that goes wrong is an accident of the run.
 */
export class BrokenRule extends Error {
  readonly rule: Rule

  constructor(rule: Rule, message: string) {
    super(`${rule}: ${message}`)
    this.rule = rule
  }
}
