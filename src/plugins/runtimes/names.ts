/** The ways of running a plugin, by the word before the first colon of an image. */
export const RUNTIME_NAMES = ['builtin', 'cmd', 'grpc'] as const
export type RuntimeName = (typeof RUNTIME_NAMES)[number]
