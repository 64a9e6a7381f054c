/** Stands where a value was that might let somebody in. */
export const SENSITIVE = '(sensitive)'

/** Names that end like this are given to what lets somebody in: `dbPassword`, `API_KEY`, `--auth-token`. */
const SECRET_NAME =
  /(passw(or)?d|passphrase|pwd|secret|token|credential|(private|api|access|secret|signing|encryption|auth)[_-]?key|connection[_-]?string|dsn)s?$/i

const FLAG = /^(-{1,2}[\w.-]+)(=(.*))?$/s
/** Begins behind the scheme: to look for the beginning of one at each word of a long text would take for ever. */
const USER_INFO = /(:\/\/[^\s/?#:@]*):[^\s/?#@]+@/g

/** Whether what is called this may be a credential. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name)
}

/** A text without the passwords of addresses in it. */
export function withoutPasswords(text: string): string {
  return text.includes('://') ? text.replace(USER_INFO, `$1:${SENSITIVE}@`) : text
}

/** The arguments of a program without the values of flags that are named like a credential. */
export function withoutSecretFlags(args: readonly string[]): readonly string[] {
  let isNextSecret = false
  return args.map((arg) => {
    const [, flag = '', assignment] = FLAG.exec(arg) ?? []
    if (isNextSecret && flag === '') {
      isNextSecret = false
      return SENSITIVE
    }
    const isSecret = flag !== '' && isSecretName(flag)
    isNextSecret = isSecret && assignment === undefined
    return isSecret && assignment !== undefined ? `${flag}=${SENSITIVE}` : withoutPasswords(arg)
  })
}
