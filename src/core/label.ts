const LABEL = /^[A-Za-z0-9._/-]{1,63}=[A-Za-z0-9._/-]{1,63}$/

/** Whether a text is a label of a worker, as `key=value`. */
export function isLabel(text: string): boolean {
  return LABEL.test(text)
}
