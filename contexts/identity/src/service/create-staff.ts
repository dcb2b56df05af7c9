import type { CreateStaffRequest, User } from '@souk/contract/identity'
import { audited, type Call } from '@souk/platform'
import { parseNickname } from '../domain/account.ts'
import { parseIdentifier } from '../domain/contact.ts'
import { accountExists } from '../faults.ts'
import { createAccount } from './create-account.ts'
import type { Deps } from './deps.ts'
import { presentUser } from './present.ts'

export const createStaff = (deps: Deps) => {
  const { db, accounts, passwords } = deps
  const create = createAccount(deps)
  return async (req: CreateStaffRequest, call: Call): Promise<User> => {
    const identifier = parseIdentifier(req)
    const nickname = parseNickname(req.nickname)
    const roles = [...new Set(req.roles)].sort()
    if (await accounts.isTaken(db, identifier)) throw accountExists()
    const passwordHash = await passwords.hashNew(req.password, identifier, call.deadline)
    return db.tx(async (tx) => {
      const account = await create(tx, { identifier, passwordHash, nickname, roles, locale: call.locale })
      tx.audit(audited(call, 'staff.create', `user:${account.id}`, { after: { roles } }))
      return presentUser(account)
    })
  }
}
