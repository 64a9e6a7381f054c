import type Docker from 'dockerode'

/**
 * What an image is, whatever its tag means by now: the digest under which its registry has it, which engines
 * on any platform agree on; of one that was in no registry the engine's own id. '' where the engine does not
 * tell: the id in its place would look like another image than the one whose digest it told before.
 */
export async function readImageDigest(
  engine: Docker,
  { imageId, image }: { readonly imageId: string; readonly image: string },
): Promise<string> {
  const found = await engine
    .getImage(imageId)
    .inspect()
    .catch(() => undefined)
  if (found === undefined) return ''
  const repository = shortened(image.slice(0, image.lastIndexOf(':')))
  const digests = (found.RepoDigests ?? []).map((each) => each.split('@'))
  return digests.find(([name = '']) => shortened(name) === repository)?.[1] ?? imageId
}

/** Engines leave out what they add by themselves. */
function shortened(repository: string): string {
  return repository.replace(/^(?:index\.)?docker\.io\//, '').replace(/^library\//, '')
}
