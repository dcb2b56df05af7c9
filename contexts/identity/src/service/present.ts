import type { ApiKey, Session, User } from '@souk/contract/identity'
import { type Permission, type Role, rolePermissions } from '@souk/contract/permissions'
import type { Account } from '../domain/account.ts'
import type { ApiKeyRow } from '../store/api-keys.ts'
import type { SessionRow } from '../store/sessions.ts'

/** What roles allow a person. Holds made by hand are for services and API keys only, so nobody has that permission. */
const permissionsOf = (roles: readonly string[]): Permission[] => {
  const all = new Set(roles.flatMap((role) => rolePermissions[role as Role] ?? []))
  all.delete('inventory:operate')
  return [...all]
}

export const presentUser = ({ createdAt, ...account }: Account): User => ({
  ...account,
  permissions: permissionsOf(account.roles),
  createdAt: createdAt.toISOString(),
})

export const presentSession = (row: SessionRow, currentId: string): Session => ({
  id: row.id,
  device: row.device,
  address: row.address,
  createdAt: row.created_at.toISOString(),
  lastSeenAt: row.last_seen_at.toISOString(),
  current: row.id === currentId,
})

export const presentApiKey = (row: ApiKeyRow): ApiKey => ({
  id: row.id,
  name: row.name,
  scopes: row.scopes,
  prefix: row.prefix,
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at?.toISOString(),
  lastUsedAt: row.last_used_at?.toISOString(),
})
