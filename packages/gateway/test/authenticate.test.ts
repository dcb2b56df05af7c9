import { deepEqual, rejects } from 'node:assert/strict'
import { test } from 'node:test'
import { faultOf } from '@souk/kernel'
import { authenticate } from '../src/guard/authenticate.ts'
import type { Auth } from '../src/options.ts'

/** An identity that knows one key and one user in two sessions, the second of which was revoked, and notes who asks. */
const identity = () => {
  const asked: string[] = []
  const auth = {
    verifyAccessToken: async (token: string) => {
      asked.push(`token ${token}`)
      return token.startsWith('user') ? { userId: 'u', roles: ['support'], sessionId: token } : undefined
    },
    isRevoked: (sessionId: string) => sessionId === 'user.gone',
    resolveApiKey: async (secret: string) => {
      asked.push(`key ${secret}`)
      return secret === 'sk_known' ? { id: 'k', scopes: ['payment:refund'] } : undefined
    },
  } as unknown as Auth
  return { auth, asked }
}

for (const [says, header, actor, whoIsAsked] of [
  ['nothing is nobody', undefined, { kind: 'anonymous' }, []],
  [
    'a token is a user in a session',
    'Bearer user.a',
    { kind: 'user', id: 'u', roles: ['support'], sessionId: 'user.a' },
    ['token user.a'],
  ],
  [
    'the scheme in any letters, and blanks behind it',
    'bEARER   user.a',
    { kind: 'user', id: 'u', roles: ['support'], sessionId: 'user.a' },
    ['token user.a'],
  ],
  [
    'a key is a key, and no token',
    'Bearer sk_known',
    { kind: 'apiKey', id: 'k', scopes: ['payment:refund'] },
    ['key sk_known'],
  ],
] as const)
  test(`who calls: ${says}`, async () => {
    const { auth, asked } = identity()
    deepEqual([await authenticate(auth, header), asked], [actor, whoIsAsked])
  })

for (const [says, header, whoIsAsked] of [
  ['an unknown key', 'Bearer sk_unknown', ['key sk_unknown']],
  ['a token that does not verify', 'Bearer stranger', ['token stranger']],
  ['a revoked session', 'Bearer user.gone', ['token user.gone']],
  ['an empty header', '', []],
  ['a scheme alone', 'Bearer', []],
  ['a scheme and a blank', 'Bearer ', []],
  ['no scheme', 'user.a', []],
  ['a scheme without a blank', 'Beareruser.a', []],
  ['another scheme', 'Basic user.a', []],
  ['a scheme before ours', 'x Bearer user.a', []],
  ['two tokens', 'Bearer user.a user.a', []],
  ['a letter that no token has', 'Bearer user,a', []],
  ['a token longer than any of ours', `Bearer user${'a'.repeat(4093)}`, []],
] as const)
  test(`refused as nobody we know: ${says}`, async () => {
    const { auth, asked } = identity()
    await rejects(authenticate(auth, header), (error) => faultOf(error)?.code === 'UNAUTHENTICATED')
    deepEqual(asked, whoIsAsked)
  })
