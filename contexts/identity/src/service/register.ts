import type { RegisterRequest, TokenAnswer } from '@souk/contract/identity'
import type { Call } from '@souk/platform'
import { parseNickname } from '../domain/account.ts'
import { parseIdentifier } from '../domain/contact.ts'
import { accountExists, signInAgain } from '../faults.ts'
import { createAccount } from './create-account.ts'
import type { Deps } from './deps.ts'
import { answerTokens, openSession } from './open-session.ts'

export const register = (deps: Deps) => {
  const { db, accounts, passwords } = deps
  const create = createAccount(deps)
  const open = openSession(deps)
  const answer = answerTokens(deps)
  return async (req: RegisterRequest, call: Call): Promise<TokenAnswer> => {
    const identifier = parseIdentifier(req)
    const nickname = parseNickname(req.nickname)
    // Saves the hashing; who decides between twins is the unique index.
    if (await accounts.isTaken(db, identifier)) throw accountExists()
    const passwordHash = await passwords.hashNew(req.password, identifier, call.deadline)
    const opened = await db.tx(async (tx) => {
      const account = await create(tx, { identifier, passwordHash, nickname, roles: [], locale: call.locale })
      return open(tx, account.id, req.device, call)
    })
    if (!opened) throw signInAgain()
    return answer(opened)
  }
}
