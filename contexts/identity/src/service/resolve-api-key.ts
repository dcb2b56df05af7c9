import type { ResolveApiKeyAnswer, ResolveApiKeyRequest } from '@souk/contract/identity'
import type { Call } from '@souk/platform'
import type { Deps } from './deps.ts'
import { secretHash } from './secret-hash.ts'

/** Whose scopes a secret stands for; revoked, expired and unknown are the same. */
export const resolveApiKey =
  ({ db, apiKeys }: Deps) =>
  async ({ secret }: ResolveApiKeyRequest, _: Call): Promise<ResolveApiKeyAnswer> => {
    const row = secret.startsWith('sk_') ? await apiKeys.use(db, secretHash(secret)) : undefined
    if (!row) return { found: false, id: '', scopes: [] }
    return { found: true, id: row.id, scopes: row.scopes, expiresAt: row.expires_at?.toISOString() }
  }
