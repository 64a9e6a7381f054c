/** Where the built console lies. */
export function consoleDirOf(root: string): string
/** A hash over everything that the build reads. */
export function stampOfConsole(root: string): string
/** True when the build is there and its sources are still the same. */
export function isConsoleBuilt(root: string): boolean
