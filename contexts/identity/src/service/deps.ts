import type { Clock } from '@souk/kernel'
import type { Db, Log, Metrics } from '@souk/platform'
import type { RotationRule } from '../domain/signing-keys.ts'
import type { Accounts } from '../store/accounts.ts'
import type { Addresses } from '../store/addresses.ts'
import type { ApiKeys } from '../store/api-keys.ts'
import type { LoginFailures } from '../store/login-failures.ts'
import type { Sessions } from '../store/sessions.ts'
import type { SigningKeys } from '../store/signing-keys.ts'
import type { Passwords } from './hash-password.ts'
import type { SignToken } from './sign-token.ts'

/** What identity's verbs are built from; each takes what it names. */
export type Deps = {
  db: Db
  clock: Clock
  log: Log
  metrics: Metrics
  accounts: Accounts
  sessions: Sessions
  addresses: Addresses
  apiKeys: ApiKeys
  signingKeys: SigningKeys
  loginFailures: LoginFailures
  passwords: Passwords
  signToken: SignToken
  settings: {
    rotation: RotationRule
    /** Milliseconds without a refresh after which a session ends. */
    sessionIdleMs: number
    throttled: boolean
    adminEmail: string | undefined
    adminPassword: string | undefined
  }
}

/** How long signing in or re-authentication lifts a session (SPEC 2.1). */
export const stepUpMs = 5 * 60_000
