import { newId } from '@souk/kernel'
import type { Tx } from '@souk/platform'
import { type Account, nicknameFor } from '../domain/account.ts'
import { accountExists } from '../faults.ts'
import type { NewAccount } from '../store/accounts.ts'
import type { Deps } from './deps.ts'

/** Writes an account and says so; refuses when e-mail or phone are taken. */
export const createAccount =
  ({ accounts, clock }: Deps) =>
  async (tx: Tx, wish: Omit<NewAccount, 'id' | 'nickname'> & { nickname: string | undefined }): Promise<Account> => {
    const id = newId()
    const account = await accounts.insert(tx, { ...wish, id, nickname: wish.nickname ?? nicknameFor(id) })
    if (!account) throw accountExists()
    tx.publish({
      type: 'identity.UserRegistered',
      aggregateId: id,
      aggregateVersion: 1,
      payload: { userId: id, at: clock.now().toISOString() },
    })
    return account
  }
