import type { CreateApiKeyAnswer, CreateApiKeyRequest } from '@souk/contract/identity'
import { permissions } from '@souk/contract/permissions'
import { newId, newSecret } from '@souk/kernel'
import { actorName, audited, type Call } from '@souk/platform'
import { expiryInThePast, unknownScope } from '../faults.ts'
import type { Deps } from './deps.ts'
import { presentApiKey } from './present.ts'
import { secretHash } from './secret-hash.ts'

/** Enough of a secret to tell keys apart, far too little to guess the rest. */
const prefixLength = 'sk_'.length + 6

/** The secret is answered once and stored only as its hash. */
export const createApiKey =
  ({ db, apiKeys, clock }: Deps) =>
  async (req: CreateApiKeyRequest, call: Call): Promise<CreateApiKeyAnswer> => {
    const scopes = [...new Set(req.scopes)].sort()
    const unknown = req.scopes.findIndex((scope) => !Object.hasOwn(permissions, scope))
    if (unknown >= 0) throw unknownScope(unknown, req.scopes[unknown]!)
    const expiresAt = req.expiresAt === undefined ? undefined : new Date(req.expiresAt)
    if (expiresAt && expiresAt <= clock.now()) throw expiryInThePast()
    const secret = `sk_${newSecret(32)}`
    const row = await db.tx(async (tx) => {
      const made = await apiKeys.insert(tx, {
        id: newId(),
        name: req.name.trim(),
        scopes,
        prefix: secret.slice(0, prefixLength),
        secretHash: secretHash(secret),
        createdBy: actorName(call.actor),
        expiresAt,
      })
      const after = { name: made.name, scopes, expiresAt: made.expires_at }
      tx.audit(audited(call, 'apikey.create', `apikey:${made.id}`, { after }))
      return made
    })
    const { lastUsedAt: _, ...key } = presentApiKey(row)
    return { ...key, secret }
  }
