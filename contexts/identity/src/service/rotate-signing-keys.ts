import type { JWK } from 'jose'
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose'
import { acceptedKeysAt, nextKeyAt } from '../domain/signing-keys.ts'
import type { Deps } from './deps.ts'
import { tokenAlgorithm } from './sign-token.ts'

const newKeyPair = async (): Promise<{ kid: string; publicJwk: JWK; privateJwk: JWK }> => {
  const { publicKey, privateKey } = await generateKeyPair(tokenAlgorithm, { extractable: true })
  const jwk = await exportJWK(publicKey)
  const kid = await calculateJwkThumbprint(jwk)
  const words = { kid, alg: tokenAlgorithm, use: 'sig' }
  return { kid, publicJwk: { ...jwk, ...words }, privateJwk: { ...(await exportJWK(privateKey)), ...words } }
}

/**
 * Publishes the next key when it is time, ahead of its first signature, and forgets keys that are accepted no more.
 * Safe to run in many processes at once: each generation exists once.
 */
export const rotateSigningKeys =
  ({
    db,
    signingKeys,
    clock,
    log,
    settings: { rotation },
  }: Pick<Deps, 'db' | 'signingKeys' | 'clock' | 'log' | 'settings'>) =>
  async (): Promise<void> => {
    const now = clock.now()
    const keys = await signingKeys.all(db)
    const accepted = new Set(acceptedKeysAt(keys, rotation, now))
    const retired = keys.filter((key) => !accepted.has(key)).map(({ kid }) => kid)
    if (retired.length > 0) await signingKeys.remove(db, retired)
    const next = nextKeyAt(keys, rotation, now)
    if (!next) return
    await signingKeys.insert(db, { ...(await newKeyPair()), ...next })
    log.info('signing key published', {
      generation: next.generation,
      signsFrom: next.signsFrom.toISOString(),
    })
  }
