import type { RevokeApiKeyRequest } from '@souk/contract/identity'
import { audited, type Call } from '@souk/platform'
import { notFound } from '../faults.ts'
import type { Deps } from './deps.ts'

export const revokeApiKey =
  ({ db, apiKeys }: Deps) =>
  async ({ id }: RevokeApiKeyRequest, call: Call): Promise<object> => {
    await db.tx(async (tx) => {
      const revoked = await apiKeys.revoke(tx, id)
      if (!revoked) throw notFound()
      tx.publish({ type: 'identity.ApiKeyRevoked', aggregateId: id, aggregateVersion: 1, payload: { apiKeyId: id } })
      tx.audit(audited(call, 'apikey.revoke', `apikey:${id}`, { before: revoked }))
    })
    return {}
  }
