/**
 * What a transcript says, but for times; ids and ports the examples replace themselves. How wide a column is
 * depends on the times in it.
 */
export function withoutTimes(text: string): string {
  return text
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'AT')
    .replaceAll(/just now|\d+ (?:s|min|h) ago/g, 'AGO')
    .replaceAll(/\d+ min \d\d s|\d+(?:\.\d)? (?:ms|s)\b/g, 'TIME')
    .replaceAll(/ {2,}/g, '  ')
}
