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

const release = method('inventory.InventoryService/ReleaseStock')
const me = method('identity.AccountService/GetMe')
const products = method('catalog.CatalogService/ListProducts')
const key = (...scopes: string[]): Actor => ({ kind: 'apiKey', id: 'k', scopes })

for (const [says, entry, actor, expected] of [
  ['a key with its scope moves stock', release, key('payment:refund', 'inventory:operate'), 'let in'],
  ['a key with another scope does not', release, key('payment:refund'), 'FORBIDDEN'],
  ['nor does any administrator', release, user('admin'), 'FORBIDDEN'],
  ['a person has an account', me, user(), 'let in'],
  ['a key has none, whatever it may', me, key('identity:read'), 'FORBIDDEN'],
  ['nor has nobody', me, { kind: 'anonymous' }, 'UNAUTHENTICATED'],
  ['anybody looks at products', products, { kind: 'anonymous' }, 'let in'],
  ['with a key too', products, key(), 'let in'],
] as const satisfies readonly (readonly [string, typeof refund, Actor, string])[])
  test(`${says}: ${expected}`, () => equal(verdict(entry, actor), expected))

test('a method without a permission is closed, whoever asks', () =>
  equal(verdict({ ...refund, permission: undefined }, user('admin')), 'FORBIDDEN'))

/** An identity that is asked for exactly one session. */
const asking = (steppedUpUntil?: Date, live = true): Auth =>
  ({
    checkSession: async (sessionId: string) => {
      equal(sessionId, 's')
      return { live, steppedUpUntil }
    },
  }) as unknown as Auth
const nobodyIsAsked = {} as Auth
const refusal = (code: string) => (error: unknown) => faultOf(error)?.code === code
const inAMinute = () => new Date(Date.now() + 60_000)

test('a step-up that ends this very moment has ended', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 1_000 })
  await rejects(requireStepUp(refund, user('finance'), asking(new Date(1_000))), refusal('STEP_UP_REQUIRED'))
  await requireStepUp(refund, user('finance'), asking(new Date(1_001)))
})

test('a session that was never stepped up has to be; one that ended cannot be', async () => {
  await rejects(requireStepUp(refund, user('finance'), asking()), refusal('STEP_UP_REQUIRED'))
  await rejects(requireStepUp(refund, user('finance'), asking(inAMinute(), false)), refusal('UNAUTHENTICATED'))
})

test('an API key is told to step up without a session being asked for', async () => {
  await rejects(requireStepUp(refund, key('payment:refund'), nobodyIsAsked), refusal('STEP_UP_REQUIRED'))
})

test('a method that needs no step-up asks nobody', () => requireStepUp(me, user(), nobodyIsAsked))
