/** An image of a container registry, parted at its tag. */
export type ImageReference = { readonly repository: string; readonly tag: string }

/** As the registries' own grammar has it: an optional host with port, lowercase path components, a tag. */
const REPOSITORY =
  /^([A-Za-z0-9][A-Za-z0-9.-]*(:\d+)?\/)?[a-z0-9]+([._-]+[a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/
const TAG = /^\w[\w.-]{0,127}$/

/** Reads `REPOSITORY[:TAG]`; a text says what is wrong. A colon before the last slash belongs to a port. */
export function parseReference(text: string): ImageReference | string {
  const colon = text.indexOf(':', text.lastIndexOf('/') + 1)
  const repository = colon === -1 ? text : text.slice(0, colon)
  const tag = colon === -1 ? '' : text.slice(colon + 1)
  if (text.includes('@')) return 'an image by digest has no versions; expected docker://IMAGE:TAG'
  if (!REPOSITORY.test(repository))
    return `'${repository}' is no name of an image; expected docker://IMAGE:TAG`
  if (tag === '' || TAG.test(tag)) return { repository, tag }
  return `'${tag}' is no tag; expected docker://IMAGE:TAG`
}
