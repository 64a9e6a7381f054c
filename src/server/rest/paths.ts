import { type DescMethod, getOption, hasOption } from '@bufbuild/protobuf'
import { http } from '../../gen/google/api/annotations_pb.ts'

/**
 * The path of a method's HTTP annotation; undefined for a method without one, which is served over gRPC only.
 * Methods are called with POST, streams with GET, which is all that browsers can open a stream with.
 */
export function pathOf(desc: DescMethod): string | undefined {
  if (!hasOption(desc, http)) return undefined
  const rule = getOption(desc, http)
  if (desc.methodKind === 'server_streaming' && rule.pattern.case === 'get') return rule.pattern.value
  if (rule.pattern.case !== 'post' || rule.body !== '*') {
    const name = `${desc.parent.typeName}.${desc.name}`
    throw new Error(
      `the HTTP annotation of ${name} is neither a POST with the whole request as its body nor the GET of a stream`,
    )
  }
  return rule.pattern.value
}

/**
 * The path and its other spellings: with dashes or underscores throughout, as the contract mixes both, and
 * without `/v1`, as the gateways of the public API have it.
 */
export function spellingsOf(path: string): string[] {
  const spellings = [path, path.replaceAll('_', '-'), path.replaceAll('-', '_')]
  return [...new Set([...spellings, ...spellings.map((each) => each.replace('/v1/', '/'))])]
}

/** Reduces a path somebody typed to what is common to all spellings of one method. */
export function normalizePath(path: string): string {
  return path.toLowerCase().replaceAll('-', '_').replace('/v1/', '/').replace(/\/+$/, '')
}
