import type { ResourceTypeDeclaration } from '../declaration.ts'
import { PluginError, toPluginError } from '../errors.ts'
import type { Plugin } from '../plugin.ts'
import type { Redact } from '../redact.ts'
import type { CloudServiceFields, ErrorFields, News, RegionFields, Yielded } from '../resources.ts'
import { encodeCloudService, encodeCloudServiceType, encodeError, encodeRegion } from './documents.ts'
import { encodeProgress, encodeScope } from './extension.ts'
import { UnwritableValue } from './write-struct.ts'

/** The reference client reads messages of up to 32 MiB; larger ones would end the whole stream. */
const MAX_MESSAGE_BYTES = 32 * 1024 * 1024 - 1024

/** Takes a message, which is good until it returns. */
export type Emit = (message: Uint8Array) => void

/**
 * Turns what one call of `collect` yields into messages, in order. Remembers which regions were sent, so that
 * each is sent once. A resource that cannot be encoded becomes an ErrorResource that names it, and the stream
 * goes on.
 */
export class ResourceEncoder {
  readonly #plugin: Plugin
  readonly #redact: Redact
  readonly #sentRegions = new Set<string>()
  readonly #sentTypes = new Set<string>()

  constructor(plugin: Plugin, redact: Redact) {
    this.#plugin = plugin
    this.#redact = redact
  }

  /**
   * The messages a stream begins with: every declared resource type but those that wait for their first
   * resource.
   */
  begin(emit: Emit): void {
    for (const declared of this.#plugin.resourceTypes.values()) {
      if (!declared.isSentWhenFound) emit(encodeCloudServiceType(this.#plugin.provider, declared))
    }
  }

  /**
   * The messages of one yielded value: usually one, more when it is the first of a declared region or of a
   * type that waited for it, none for a repeated region.
   */
  encode(yielded: Exclude<Yielded, News>, emit: Emit): void {
    switch (yielded.kind) {
      case 'cloud_service':
        this.#cloudService(yielded.type, yielded.fields, emit)
        break
      case 'region':
        this.#region(yielded.fields, emit)
        break
      case 'error':
        emit(this.#error(yielded.fields))
        break
      default:
        throw new PluginError(
          'ERROR_PLUGIN_YIELD',
          'collect yielded something that was not built by a function of its context',
        )
    }
  }

  /** The message of a scope or a progress. */
  news(news: News): Buffer {
    if (news.kind === 'progress') {
      const { message } = news.fields
      return encodeProgress(
        message === undefined ? news.fields : { ...news.fields, message: this.#redact(message) },
      )
    }
    const declared = this.#plugin.resourceTypes.get(news.fields.type)
    if (declared) return encodeScope(this.#plugin.provider, declared, news.fields)
    throw new PluginError('ERROR_PLUGIN_YIELD', `a scope names the undeclared type '${news.fields.type}'`)
  }

  #cloudService(type: string, fields: CloudServiceFields, emit: Emit): void {
    const declared = this.#plugin.resourceTypes.get(type)
    if (!declared)
      throw new PluginError('ERROR_PLUGIN_YIELD', `collect yielded the undeclared type '${type}'`)
    if (declared.isSentWhenFound) this.#waitingType(type, declared, emit)
    if (fields.regionCode !== undefined) this.#declaredRegion(fields.regionCode, emit)
    const { account, regionCode, resourceId } = fields
    emit(
      this.#attempt({ type, account, regionCode, resourceId }, () =>
        encodeCloudService(this.#plugin.provider, declared, fields),
      ),
    )
  }

  #waitingType(name: string, declared: ResourceTypeDeclaration, emit: Emit): void {
    if (this.#sentTypes.has(name)) return
    this.#sentTypes.add(name)
    emit(encodeCloudServiceType(this.#plugin.provider, declared))
  }

  #declaredRegion(regionCode: string, emit: Emit): void {
    if (this.#sentRegions.has(regionCode)) return
    const declared = this.#plugin.regions.get(regionCode)
    if (declared) this.#region({ regionCode, ...declared }, emit)
  }

  #region(fields: RegionFields, emit: Emit): void {
    if (this.#sentRegions.has(fields.regionCode)) return
    this.#sentRegions.add(fields.regionCode)
    emit(this.#attempt({ regionCode: fields.regionCode }, () => encodeRegion(this.#plugin.provider, fields)))
  }

  #attempt(place: ErrorFields, encode: () => Uint8Array): Uint8Array {
    try {
      const message = encode()
      if (message.length <= MAX_MESSAGE_BYTES) return message
      return this.#error({ ...place, code: 'ERROR_RESOURCE_TOO_LARGE', message: tooLarge(message.length) })
    } catch (error) {
      return this.#error({ ...place, code: 'ERROR_RESOURCE_INVALID', message: reasonOf(error) })
    }
  }

  #error(fields: ErrorFields): Uint8Array {
    const declared = fields.type === undefined ? undefined : this.#plugin.resourceTypes.get(fields.type)
    const message =
      fields.message ?? (fields.error === undefined ? undefined : toPluginError(fields.error).message)
    return encodeError(this.#plugin.provider, declared, {
      ...fields,
      message: message === undefined ? undefined : this.#redact(message),
    })
  }
}

function tooLarge(bytes: number): string {
  return `a resource of ${bytes} bytes was not sent, because ${MAX_MESSAGE_BYTES} is the most a message may hold`
}

/** Says where the value was, and never what it was. */
function reasonOf(error: unknown): string {
  if (error instanceof UnwritableValue)
    return `a resource was not sent: ${error.path.join('.')} ${error.reason}`
  return `a resource was not sent: ${toPluginError(error).message}`
}
