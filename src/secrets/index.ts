export { environmentSource } from './keys/environment-source.ts'
export { fileSource } from './keys/file-source.ts'
export type { KeySource } from './keys/key-source.ts'
export { type Keyring, openKeyring } from './keys/keyring.ts'
export {
  type OpenedSecret,
  type OpenSecretDeps,
  type OpenSecretInput,
  openSecret,
  SecretUnreadable,
} from './open-secret.ts'
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
