import type { RawAnswer } from '@souk/contract/common'
import type { GetKeysRequest } from '@souk/contract/identity'
import type { Call } from '@souk/platform'
import { acceptedKeysAt } from '../domain/signing-keys.ts'
import type { Deps } from './deps.ts'

/** The key set of access tokens (RFC 7517): to come, present, and lately replaced. Never a private part. */
export const getKeys =
  ({ db, signingKeys, clock, settings }: Pick<Deps, 'db' | 'signingKeys' | 'clock' | 'settings'>) =>
  async (_: GetKeysRequest, __: Call): Promise<RawAnswer> => {
    const keys = acceptedKeysAt(await signingKeys.all(db), settings.rotation, clock.now())
    return {
      contentType: 'application/jwk-set+json',
      body: Buffer.from(JSON.stringify({ keys: keys.map(({ publicJwk }) => publicJwk) })),
      headers: { 'cache-control': 'public, max-age=60' },
      status: 200,
    }
  }
