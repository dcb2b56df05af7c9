import { readFileSync } from 'node:fs'
import { hash, type Options, verify } from '@node-rs/argon2'
import { invalid, newSecret } from '@souk/kernel'
import type { Identifier } from '../domain/contact.ts'
import { checkPassword, passwordForm } from '../domain/password.ts'
import { createLine } from './wait-in-line.ts'

/** argon2id, the library's default algorithm, by OWASP's first recommendation: 19 MiB, two passes, one lane. */
const cost: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

const running = 2
const waiting = 512

/** Lower-case passwords that are refused for being common. */
export const commonPasswords: ReadonlySet<string> = new Set(
  readFileSync(new URL('common-passwords.txt', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#')),
)

/** Hashing passwords costs 19 MiB and some 15 ms of a core each: so few at once, and never a quicker way to say no. */
export type Passwords = {
  /** Refuses passwords that are too short, too long, common or the account's own name. */
  hashNew(password: string, owner: Identifier, deadline: number): Promise<string>
  /** Without the rules for new passwords: what the operator configured or we drew. */
  hash(password: string, deadline: number): Promise<string>
  /** Takes as long for an account that does not exist (no hash) as for one that does. */
  matches(passwordHash: string | undefined, password: string, deadline: number): Promise<boolean>
}

/** The work that costs, so that a test can count it. */
export type Argon2 = { hash: typeof hash; verify: typeof verify }

export const createPasswords = (argon2: Argon2 = { hash, verify }): Passwords => {
  const inLine = createLine(running, waiting)
  const nobody = inLine(Infinity, () => argon2.hash(newSecret(), cost))
  const hashed = (password: string, deadline: number) =>
    inLine(deadline, () => argon2.hash(passwordForm(password), cost))
  return {
    hash: hashed,
    hashNew: async (password, owner, deadline) => {
      const violations = checkPassword(password, owner, commonPasswords)
      if (violations.length > 0) throw invalid(...violations)
      return hashed(password, deadline)
    },
    matches: (passwordHash, password, deadline) =>
      inLine(deadline, async () => {
        const right = await argon2.verify(passwordHash ?? (await nobody), passwordForm(password))
        return right && passwordHash !== undefined
      }),
  }
}
