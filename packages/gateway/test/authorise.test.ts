import { equal, rejects } from 'node:assert/strict'
import { test } from 'node:test'
import { methods } from '@souk/contract/methods'
import { faultOf } from '@souk/kernel'
import type { Actor } from '@souk/platform'
import { authorise, requireStepUp } from '../src/guard/authorise.ts'
import type { Auth } from '../src/options.ts'

const method = (name: string) => methods.find((entry) => entry.name === name)!
const refund = method('payment.PaymentAdminService/RefundPayment')
const user = (...roles: string[]): Actor => ({ kind: 'user', id: 'u', roles, sessionId: 's' })

const verdict = (entry: typeof refund, actor: Actor): string => {
  try {
    authorise(entry, actor)
    return 'let in'
  } catch (error) {
    return faultOf(error)!.code
  }
}

for (const [says, actor, expected] of [
  ['one of several roles is enough', user('catalog', 'finance'), 'let in'],
  ['in any order', user('finance', 'catalog'), 'let in'],
  ['no role', user(), 'FORBIDDEN'],
  ['a role of no meaning', user('toString', 'constructor'), 'FORBIDDEN'],
  ['a service, which comes by another door', { kind: 'system', id: 'order' }, 'FORBIDDEN'],
  ['nobody', { kind: 'anonymous' }, 'UNAUTHENTICATED'],
] as const satisfies readonly (readonly [string, Actor, string])[])
  test(`refunding: ${says}: ${expected}`, () => equal(verdict(refund, actor), expected))

test('a method without a permission is closed, whoever asks', () =>
  equal(verdict({ ...refund, permission: undefined }, user('admin')), 'FORBIDDEN'))

const asking = (steppedUpUntil?: Date): Auth =>
  ({ checkSession: async () => ({ live: true, steppedUpUntil }) }) as unknown as Auth
const needed = (error: unknown) => faultOf(error)?.code === 'STEP_UP_REQUIRED'

test('a step-up that ends this very moment has ended', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 1_000 })
  await rejects(requireStepUp(refund, user('finance'), asking(new Date(1_000))), needed)
  await requireStepUp(refund, user('finance'), asking(new Date(1_001)))
})

test('an API key is told to step up without a session being asked for', async () => {
  const key: Actor = { kind: 'apiKey', id: 'k', scopes: ['payment:refund'] }
  await rejects(requireStepUp(refund, key, asking(new Date(Date.now() + 60_000))), needed)
})
