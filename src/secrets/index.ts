export {
  type CreateSecretGroupInput,
  createSecretGroup,
  type UpdateSecretGroupInput,
  updateSecretGroup,
} from './change-secret-group.ts'
export { type CreateSecretInput, createSecret } from './create-secret.ts'
export { deleteSecret } from './delete-secret.ts'
export { deleteSecretGroup } from './delete-secret-group.ts'
export { addSecretToGroup, type GroupMember, removeSecretFromGroup } from './group-members.ts'
export { commandSource } from './keys/command-source.ts'
export { environmentSource } from './keys/environment-source.ts'
export { fileSource, writeNewKeyFile } from './keys/file-source.ts'
export { fingerprintOf } from './keys/fingerprint.ts'
export type { KeySource } from './keys/key-source.ts'
export { type Keyring, openKeyring } from './keys/keyring.ts'
export { sealData, unsealData } from './keys/sealed-data.ts'
export {
  type OpenedSecret,
  type OpenSecretDeps,
  type OpenSecretInput,
  openSecret,
  SecretUnreadable,
} from './open-secret.ts'
export { listSecretOpenings, secretOpeningEntity } from './opening-entity.ts'
export { getSecretGroup, listSecretGroups } from './read-secret-groups.ts'
export { getSecret, listSecrets, refuseSecretData } from './read-secrets.ts'
export { removeOldOpenings } from './remove-old-openings.ts'
export { type RotationProgress, rotateKeys } from './rotation/rotate-keys.ts'
export { type SecretView, secretEntity } from './secret-entity.ts'
export { type SecretGroupView, secretGroupEntity } from './secret-group-entity.ts'
export {
  missingSelection,
  NoSecretSelected,
  type SelectedSecret,
  type SelectSecretsInput,
  selectSecrets,
} from './select-secrets.ts'
export { isSelective, NO_SELECTION, SELECTORS, type SecretSelection } from './selection.ts'
export { selectionViolations } from './selection-violations.ts'
export type { NewSecret } from './sql/insert-secret.ts'
export type { Opening } from './sql/take-sealed.ts'
export { storeSecret } from './store-secret.ts'
export { type UpdateSecretInput, updateSecret } from './update-secret.ts'
export { type UpdateSecretDataInput, updateSecretData } from './update-secret-data.ts'
