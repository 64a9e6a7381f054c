import type { MessageInitShape } from '@bufbuild/protobuf'
import { toTimestamp } from '../../core/clock.ts'
import { type KeyRotationInfoSchema, SecretKey } from '../../gen/gleaner/v1/secret_key_pb.ts'
import { type Keyring, type RotationProgress, rotateKeys } from '../../secrets/index.ts'
import { implementService, type ServiceImplementation } from '../method.ts'

/** How long one call works, milliseconds: shorter than the patience of clients. */
const WORK_MS = 5_000

export function createSecretKeyService({ keyring }: { readonly keyring: Keyring }): ServiceImplementation {
  return implementService(SecretKey, {
    rotate: {
      access: { permission: 'system', domain: 'none' },
      async handle({ ctx, request: { withDataKeys } }) {
        const { db, now, signal, log } = ctx
        const progress = await rotateKeys({ db, keyring, now }, { withDataKeys, workMs: WORK_MS, signal })
        for (const secret of progress.unreadable) {
          log.error(secret, 'secret not rotated: what is stored for it cannot be opened')
        }
        const { rotationId, masterVersion, rewrapped, resealed } = progress
        log.info({ rotationId, masterVersion, rewrapped, resealed }, 'secret keys rotated')
        return toInfo(progress)
      },
    },
  })
}

function toInfo(progress: RotationProgress): MessageInitShape<typeof KeyRotationInfoSchema> {
  const { rotationId, masterVersion, withDataKeys, startedAt, finishedAt } = progress
  return {
    rotationId,
    masterVersion,
    withDataKeys,
    rewrappedCount: BigInt(progress.rewrapped),
    resealedCount: BigInt(progress.resealed),
    unreadableCount: BigInt(progress.unreadable.length),
    isFinished: finishedAt !== null,
    startedAt: toTimestamp(startedAt),
    finishedAt: finishedAt === null ? '' : toTimestamp(finishedAt),
  }
}
