import type { LoginRequest, TokenAnswer } from '@souk/contract/identity'
import type { Call } from '@souk/platform'
import { identifierOf } from '../domain/contact.ts'
import { credentialsRefused } from '../faults.ts'
import { checkPassword } from './check-password.ts'
import type { Deps } from './deps.ts'
import { answerTokens, openSession } from './open-session.ts'

export const login = (deps: Deps) => {
  const { db, accounts } = deps
  const prove = checkPassword(deps)
  const open = openSession(deps)
  const answer = answerTokens(deps)
  return async (req: LoginRequest, call: Call): Promise<TokenAnswer> => {
    const identifier = identifierOf(req)
    const found = await accounts.credentialsOf(db, identifier)
    const proof = await prove(`${identifier.kind}:${identifier.value}`, found, req.password, call)
    const opened = await db.tx(async (tx) => {
      await proof.settle(tx)
      return found && open(tx, found.account.id, req.device, call)
    })
    if (!opened) throw credentialsRefused()
    return answer(opened)
  }
}
