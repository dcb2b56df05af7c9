import { deepEqual, equal, ok } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { AddressInput, UpdateAddressRequest } from '@souk/contract/identity'
import { newId } from '@souk/kernel'
import { sql } from '@souk/platform'
import type { TestContext } from '@souk/platform/testing'
import { asOwner, outcome, register, startIdentity } from './app.ts'

const pudong: AddressInput = {
  recipient: '李伟',
  phone: '138 0013 8000',
  country: 'CN',
  province: '上海市',
  city: '上海市',
  district: '浦东新区',
  line1: '世纪大道100号',
  line2: '',
  postalCode: '200120',
  isDefault: false,
}

describe('the address book', () => {
  let app: TestContext
  before(async () => {
    app = await startIdentity()
  })
  after(() => app.close())

  const book = () => app.services['identity.AccountService']
  const newBuyer = async () => {
    const answer = await register(app)
    return { id: answer.user!.id, call: asOwner(app, answer) }
  }
  type Buyer = Awaited<ReturnType<typeof newBuyer>>
  const create = (buyer: Buyer, more: Partial<AddressInput> = {}) =>
    book().createAddress({ ...pudong, ...more }, buyer.call)
  const update = (buyer: Buyer, id: string, patch: Partial<UpdateAddressRequest>) =>
    book().updateAddress({ clear: [], ...patch, id }, buyer.call)
  const list = async (buyer: Buyer) => (await book().listAddresses({}, buyer.call)).addresses
  const defaults = async (buyer: Buyer) => (await list(buyer)).filter(({ isDefault }) => isDefault).map(({ id }) => id)

  test('create, read, change, clear, delete', async () => {
    const buyer = await newBuyer()
    const made = await create(buyer, { line2: ' 东方明珠 ' })
    const { id, ...fields } = made
    deepEqual(fields, { ...pudong, line2: '东方明珠', isDefault: true })
    deepEqual(await book().getAddress({ id }, buyer.call), made)
    deepEqual(await update(buyer, id, {}), made)
    const changed = await update(buyer, id, { recipient: '王芳', clear: ['line2', 'postalCode'] })
    deepEqual(changed, { ...made, recipient: '王芳', line2: '', postalCode: '' })
    deepEqual(await list(buyer), [changed])
    await book().deleteAddress({ id }, buyer.call)
    deepEqual(await list(buyer), [])
    equal(await outcome(book().deleteAddress({ id }, buyer.call)), 'NOT_FOUND')
  })

  test('a change that its country refuses changes nothing', async () => {
    const buyer = await newBuyer()
    const made = await create(buyer)
    equal(await outcome(update(buyer, made.id, { clear: ['district'], isDefault: false })), 'VALIDATION_FAILED')
    equal(await outcome(update(buyer, made.id, { country: 'US' })), 'VALIDATION_FAILED')
    equal(await outcome(create(buyer, { province: '' })), 'VALIDATION_FAILED')
    deepEqual(await list(buyer), [made])
  })

  test('there is one default as long as there is an address', async () => {
    const buyer = await newBuyer()
    const first = await create(buyer)
    const second = await create(buyer)
    deepEqual(await defaults(buyer), [first.id])
    const third = await create(buyer, { isDefault: true })
    equal(third.isDefault, true)
    deepEqual(
      (await list(buyer)).map(({ id }) => id),
      [third.id, second.id, first.id],
    )
    equal((await update(buyer, first.id, { isDefault: true })).isDefault, true)
    deepEqual(await defaults(buyer), [first.id])
    equal((await update(buyer, second.id, { isDefault: false })).isDefault, false)
    deepEqual(await defaults(buyer), [first.id])
    equal((await update(buyer, first.id, { isDefault: false })).isDefault, false)
    deepEqual(await defaults(buyer), [third.id], 'the newest other one inherits')
    await book().deleteAddress({ id: third.id }, buyer.call)
    deepEqual(await defaults(buyer), [second.id])
    await book().deleteAddress({ id: first.id }, buyer.call)
    equal((await update(buyer, second.id, { isDefault: false })).isDefault, true, 'the only one stays the default')
  })

  test('twenty created at once, and defaults moved about: still exactly one', async () => {
    const buyer = await newBuyer()
    const made = await Promise.all(
      Array.from({ length: 20 }, (_, place) => create(buyer, { isDefault: place % 3 === 0 })),
    )
    equal((await list(buyer)).length, 20)
    equal((await defaults(buyer)).length, 1)
    await Promise.all(
      made.map(({ id }, place) =>
        place % 2 ? update(buyer, id, { isDefault: place % 3 !== 0 }) : book().deleteAddress({ id }, buyer.call),
      ),
    )
    equal((await list(buyer)).length, 10)
    equal((await defaults(buyer)).length, 1)
  })

  test('fifty addresses are enough, also when asked for at once', async () => {
    const buyer = await newBuyer()
    await app.db.run(sql`
      insert into ${app.db.schema}.address (id, user_id, recipient, phone, country, province, city, district, line1, line2, postal_code, is_default)
      select gen_random_uuid(), ${buyer.id}, 'x', '1', 'SG', '', '', '', 'x', '', '', n = 1 from generate_series(1, 45) n`)
    const codes = await Promise.all(Array.from({ length: 12 }, () => outcome(create(buyer))))
    deepEqual(codes.toSorted(), [...Array(7).fill('LIMIT_REACHED'), ...Array(5).fill('ok')])
    equal((await list(buyer)).length, 50)
  })

  test('addresses of others are not found, by whatever way, and stay as they are', async () => {
    const owner = await newBuyer()
    const thief = await newBuyer()
    const made = await create(owner)
    for (const id of [made.id, newId(), '', 'x', "' or 1=1 --"]) {
      equal(await outcome(book().getAddress({ id }, thief.call)), 'NOT_FOUND')
      equal(await outcome(update(thief, id, { recipient: 'thief' })), 'NOT_FOUND')
      equal(await outcome(book().deleteAddress({ id }, thief.call)), 'NOT_FOUND')
    }
    deepEqual(await list(owner), [made])
    deepEqual(await list(thief), [])
    for (const call of [app.as(), app.as({ apiKey: newId(), scopes: ['user:read'] })])
      ok((await outcome(book().listAddresses({}, call))) !== 'ok')
  })

  test('an order may keep a copy of its own buyer’s address only', async () => {
    const owner = await newBuyer()
    const other = await newBuyer()
    const made = await create(owner)
    const snapshot = (userId: string, addressId: string, call = app.as({ service: 'order' })) =>
      app.services['identity.IdentityService'].snapshotAddress({ userId, addressId }, call)
    deepEqual(await snapshot(owner.id, made.id), made)
    for (const [userId, addressId] of [
      [other.id, made.id],
      [owner.id, newId()],
      ['', made.id],
      [owner.id, ''],
    ] as const)
      equal(await outcome(snapshot(userId, addressId)), 'NOT_FOUND')
    equal(await outcome(snapshot(owner.id, made.id, owner.call)), 'FORBIDDEN')
  })

  test('profile: nickname and language, in any script', async () => {
    const buyer = await newBuyer()
    const before = await book().getMe({}, buyer.call)
    deepEqual(await book().updateMe({}, buyer.call), before)
    deepEqual(await book().updateMe({ nickname: ' 小明 🐎 ', locale: 'zh-CN' }, buyer.call), {
      ...before,
      nickname: '小明 🐎',
      locale: 'zh-CN',
    })
    equal(await outcome(book().updateMe({ nickname: ' \u3000 ' }, buyer.call)), 'VALIDATION_FAILED')
    equal((await book().getMe({}, buyer.call)).nickname, '小明 🐎')
    equal(await outcome(book().getMe({}, app.as({ user: newId() }))), 'NOT_FOUND')
  })
})
