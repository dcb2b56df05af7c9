import type { UpdateMeRequest, User } from '@souk/contract/identity'
import { type Call, userId } from '@souk/platform'
import { parseNickname } from '../domain/account.ts'
import { notFound } from '../faults.ts'
import type { Deps } from './deps.ts'
import { presentUser } from './present.ts'

export const updateMe =
  ({ db, accounts }: Deps) =>
  async (req: UpdateMeRequest, call: Call): Promise<User> => {
    const change = { nickname: parseNickname(req.nickname), locale: req.locale }
    const account = await accounts.update(db, userId(call), change)
    if (!account) throw notFound()
    return presentUser(account)
  }
