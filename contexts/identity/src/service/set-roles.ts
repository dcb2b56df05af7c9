import type { SetRolesRequest, User } from '@souk/contract/identity'
import { audited, type Call } from '@souk/platform'
import { grantRoles } from '../domain/account.ts'
import { notFound } from '../faults.ts'
import type { Deps } from './deps.ts'
import { presentUser } from './present.ts'
import { revokeSessions } from './revoke-sessions.ts'

/** Access tokens carry roles, so a change ends the user's sessions: the new roles hold at once, and only they. */
export const setRoles = (deps: Deps) => {
  const { db, accounts } = deps
  const revoke = revokeSessions(deps)
  return (req: SetRolesRequest, call: Call): Promise<User> =>
    db.tx(async (tx) => {
      const found = await accounts.lockWithAdministrators(tx, req.id)
      if (!found) throw notFound()
      const { account, administrators } = found
      const roles = grantRoles(account, req.roles, administrators)
      if (roles.join() !== [...account.roles].sort().join()) {
        await accounts.setRoles(tx, req.id, roles)
        await revoke(tx, req.id)
      }
      tx.audit(audited(call, 'role.grant', `user:${req.id}`, { before: { roles: account.roles }, after: { roles } }))
      return presentUser({ ...account, roles })
    })
}
