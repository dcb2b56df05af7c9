import { faultOf, newSecret } from '@souk/kernel'
import { audited, systemCall } from '@souk/platform'
import { type Identifier, parseIdentifier } from '../domain/contact.ts'
import { createAccount } from './create-account.ts'
import type { Deps } from './deps.ts'
import { revokeSessions } from './revoke-sessions.ts'

const defaultEmail = 'admin@souk.local'
const hashingMs = 60_000

/**
 * A system without an administrator cannot be run. The configured one is created, or promoted when the account exists
 * (its password stays); without configuration the first start draws a password and hands it to `announce`, once.
 */
export const ensureAdministrator = (deps: Deps, announce: (line: string) => void) => {
  const { db, accounts, passwords, settings } = deps
  const create = createAccount(deps)
  const revoke = revokeSessions(deps)
  const roles = ['admin']

  const promote = (id: string) =>
    db.tx(async (tx) => {
      const found = await accounts.lockWithAdministrators(tx, id)
      if (!found || found.account.roles.includes('admin')) return
      const after = [...found.account.roles, ...roles].sort()
      await accounts.setRoles(tx, id, after)
      await revoke(tx, id)
      tx.audit(
        audited(systemCall('identity'), 'role.grant', `user:${id}`, {
          before: { roles: found.account.roles },
          after: { roles: after },
        }),
      )
    })

  /** Answers whether it was this process that made the account: several may start at once. */
  const make = async (identifier: Identifier, password: string): Promise<boolean> => {
    const passwordHash = await passwords.hash(password, Date.now() + hashingMs)
    try {
      await db.tx(async (tx) => {
        const wish = { identifier, passwordHash, nickname: 'Administrator', roles, locale: 'en' }
        const account = await create(tx, wish)
        tx.audit(audited(systemCall('identity'), 'staff.create', `user:${account.id}`, { after: { roles } }))
      })
      return true
    } catch (error) {
      if (faultOf(error)?.code !== 'ACCOUNT_EXISTS') throw error
      if (await accounts.hasAdministrator(db)) return false
      throw new Error(
        `${identifier.value} is an account without the role admin; name the administrator in SOUK_ADMIN_EMAIL`,
      )
    }
  }

  return async (): Promise<void> => {
    const identifier = parseIdentifier({ email: settings.adminEmail ?? defaultEmail })
    const known = await accounts.credentialsOf(db, identifier)
    if (known && settings.adminEmail) return promote(known.account.id)
    if (!settings.adminEmail && (await accounts.hasAdministrator(db))) return
    const password = settings.adminPassword ?? newSecret(12)
    const made = await make(identifier, password)
    if (made && !settings.adminPassword) announce(`First administrator: ${identifier.value} / ${password}`)
  }
}
