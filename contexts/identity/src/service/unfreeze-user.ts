import type { UnfreezeUserRequest, User } from '@souk/contract/identity'
import { audited, type Call } from '@souk/platform'
import { moveAccount } from '../domain/account.ts'
import { notFound } from '../faults.ts'
import type { Deps } from './deps.ts'
import { presentUser } from './present.ts'

export const unfreezeUser =
  ({ db, accounts }: Deps) =>
  ({ id, reason }: UnfreezeUserRequest, call: Call): Promise<User> =>
    db.tx(async (tx) => {
      const found = await accounts.lockWithAdministrators(tx, id)
      if (!found) throw notFound()
      const { account, administrators } = found
      const status = moveAccount(account, 'unfreeze', administrators)
      await accounts.setStatus(tx, id, status)
      tx.audit(
        audited(call, 'user.unfreeze', `user:${id}`, { before: { status: account.status }, after: { status }, reason }),
      )
      return presentUser({ ...account, status })
    })
