import type { GetMeRequest, User } from '@souk/contract/identity'
import { type Call, userId } from '@souk/platform'
import { notFound } from '../faults.ts'
import type { Deps } from './deps.ts'
import { presentUser } from './present.ts'

export const getMe =
  ({ db, accounts }: Deps) =>
  async (_: GetMeRequest, call: Call): Promise<User> => {
    const account = await accounts.byId(db, userId(call))
    if (!account) throw notFound()
    return presentUser(account)
  }
