import type { FreezeUserRequest, User } from '@souk/contract/identity'
import { audited, type Call } from '@souk/platform'
import { moveAccount } from '../domain/account.ts'
import { notFound } from '../faults.ts'
import type { Deps } from './deps.ts'
import { presentUser } from './present.ts'
import { revokeSessions } from './revoke-sessions.ts'

/** Nobody signs in to a frozen account, and whoever was signed in is refused from now on. */
export const freezeUser = (deps: Deps) => {
  const { db, accounts } = deps
  const revoke = revokeSessions(deps)
  return ({ id, reason }: FreezeUserRequest, call: Call): Promise<User> =>
    db.tx(async (tx) => {
      const found = await accounts.lockWithAdministrators(tx, id)
      if (!found) throw notFound()
      const { account, administrators } = found
      const status = moveAccount(account, 'freeze', administrators)
      await accounts.setStatus(tx, id, status)
      await revoke(tx, id)
      tx.audit(
        audited(call, 'user.freeze', `user:${id}`, { before: { status: account.status }, after: { status }, reason }),
      )
      return presentUser({ ...account, status })
    })
}
