import { invalid } from '@souk/kernel'
import { illegalAccountMove, lastAdministrator } from '../faults.ts'
import { isOneLine } from './contact.ts'

export type AccountStatus = 'ACTIVE' | 'FROZEN'

export type Account = {
  id: string
  email: string | undefined
  phone: string | undefined
  nickname: string
  roles: string[]
  status: AccountStatus
  locale: string
  createdAt: Date
}

export type AccountMove = 'freeze' | 'unfreeze'

const next: Record<AccountStatus, { [M in AccountMove]?: AccountStatus }> = {
  ACTIVE: { freeze: 'FROZEN' },
  FROZEN: { unfreeze: 'ACTIVE' },
}

type Standing = Pick<Account, 'id' | 'status' | 'roles'>

const isOnlyAdministrator = (account: Standing, administrators: readonly string[]): boolean =>
  administrators.includes(account.id) && administrators.every((id) => id === account.id)

/** The status after a move. `administrators` are the ids of all active ones: the last cannot be frozen. */
export const moveAccount = (account: Standing, move: AccountMove, administrators: readonly string[]): AccountStatus => {
  const status = next[account.status][move]
  if (!status) throw illegalAccountMove(account.status, move)
  if (move === 'freeze' && isOnlyAdministrator(account, administrators)) throw lastAdministrator()
  return status
}

/** The roles to store, in a stable order; the last active administrator stays one. */
export const grantRoles = (
  account: Standing,
  roles: readonly string[],
  administrators: readonly string[],
): string[] => {
  if (!roles.includes('admin') && isOnlyAdministrator(account, administrators)) throw lastAdministrator()
  return [...new Set(roles)].sort()
}

/** A name for somebody who gave none; says nothing about e-mail or phone, since others may see it. */
export const nicknameFor = (id: string): string => `souk-${id.slice(-6)}`

/** A nickname as it is stored: trimmed, one line, not empty. Absent stays absent. */
export const parseNickname = (typed: string | undefined): string | undefined => {
  if (typed === undefined) return undefined
  const nickname = typed.trim()
  if (nickname === '' || !isOneLine(nickname))
    throw invalid({ field: 'nickname', rule: 'format', message: 'one line of text' })
  return nickname
}
