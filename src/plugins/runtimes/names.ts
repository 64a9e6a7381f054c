/** The ways of running a plugin, by the word before the first colon of an image. */
export const RUNTIME_NAMES = ['builtin', 'npm', 'docker', 'cmd', 'grpc', 'grpc+ssl'] as const
export type RuntimeName = (typeof RUNTIME_NAMES)[number]
