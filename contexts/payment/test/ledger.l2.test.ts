import { deepEqual, equal, rejects } from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newId } from '@souk/kernel'
import { sql, type Tx } from '@souk/platform'
import { refused, startPayment } from './fixture.ts'

let kit: Awaited<ReturnType<typeof startPayment>>
before(async () => {
  kit = await startPayment()
})
after(() => kit.app.close())

type Line = [account: string, currency: string, amount: number]
const write = (tx: Tx, lines: readonly Line[], source = newId()) => {
  const { schema } = kit.app.db
  const id = newId()
  return tx
    .run(sql`insert into ${schema}.journal_entry (id, kind, source_type, source_id)
      values (${id}::uuid, 'capture', 'payment', ${source}::uuid)`)
    .then(async () => {
      for (const [place, [account, currency, amount]] of lines.entries())
        await tx.run(sql`insert into ${schema}.posting (entry_id, place, account, currency, amount)
          values (${id}::uuid, ${place}, ${account}, ${currency}, ${amount})`)
    })
}
const entry = (...lines: Line[]) => kit.app.db.tx((tx) => write(tx, lines))

for (const [says, lines, complaint] of [
  ['one-sided', [['customer', 'CNY', 100]], /does not balance|fewer than two/],
  [
    'unequal',
    [
      ['customer', 'CNY', 100],
      ['psp_clearing', 'CNY', -99],
    ],
    /does not balance/,
  ],
  [
    'balanced only across currencies',
    [
      ['customer', 'CNY', 100],
      ['psp_clearing', 'USD', -100],
    ],
    /does not balance/,
  ],
  ['empty', [], /fewer than two/],
  [
    'on an account that does not exist',
    [
      ['pocket', 'CNY', 100],
      ['psp_clearing', 'CNY', -100],
    ],
    /account/,
  ],
  [
    'with a posting of nothing',
    [
      ['customer', 'CNY', 0],
      ['psp_clearing', 'CNY', 0],
    ],
    /amount/,
  ],
] as [string, Line[], RegExp][])
  test(`an entry that is ${says} is refused by the database`, async () => {
    await rejects(entry(...lines), complaint)
  })

test('a balanced entry of two currencies is fine; the same source and kind is not written twice', async () => {
  const source = newId()
  const lines: Line[] = [
    ['customer', 'CNY', 100],
    ['psp_clearing', 'CNY', -100],
    ['fees', 'USD', 5],
    ['psp_clearing', 'USD', -5],
  ]
  await kit.app.db.tx((tx) => write(tx, lines, source))
  await rejects(
    kit.app.db.tx((tx) => write(tx, lines, source)),
    /journal_entry_once/,
  )
})

test('postings and entries can be neither changed nor removed by the service', async () => {
  await kit.paid()
  const { schema } = kit.app.db
  for (const statement of [
    sql`update ${schema}.posting set amount = 1`,
    sql`delete from ${schema}.posting`,
    sql`update ${schema}.journal_entry set kind = 'x'`,
    sql`delete from ${schema}.journal_entry`,
    sql`truncate ${schema}.posting`,
    sql`update ${schema}.move set to_status = 'CAPTURED'`,
  ])
    await rejects(kit.app.db.run(statement), /permission denied|must be owner/)
})

test('the database itself refuses to refund more than was captured, and a second open attempt', async () => {
  const order = await kit.paid(1000)
  const { schema } = kit.app.db
  for (const change of [sql`refund_pending = 1001`, sql`refunded = 600, refund_pending = 401`, sql`refunded = -1`])
    await rejects(
      kit.app.db.run(sql`update ${schema}.payment set ${change} where id = ${order.id}::uuid`),
      /payment_refund_bound/,
    )
  const open = kit.orders.place()
  await kit.create(open)
  await rejects(
    kit.app.db.run(sql`insert into ${schema}.payment (id, order_id, order_number, buyer_id, method, currency, amount)
      values (${newId()}::uuid, ${open.orderId}::uuid, '', '', 'sandbox', 'CNY', 1)`),
    /payment_one_open/,
  )
})

test('clearing equals what the channel has: captures minus refunds', async () => {
  const before = await kit.balance('psp_clearing')
  const first = await kit.paid(1000)
  const second = await kit.paid(2000)
  await kit.refund(first.id, { amount: { currency: 'CNY', amount: 300 } })
  await kit.refund(second.id)
  equal((await kit.balance('psp_clearing')) - before, 700)
  equal(await kit.balance('suspense'), 0)
})

test('staff read the ledger page by page, newest first', async () => {
  const order = await kit.paid(1234)
  const finance = kit.finance()
  const seen: string[] = []
  let pageToken = ''
  do {
    const answer = await kit.admin().listLedgerEntries({ pageSize: 2, pageToken }, finance)
    seen.push(...answer.entries.map(({ id }) => id))
    const mine = answer.entries.find(({ sourceId }) => sourceId === order.id)
    if (mine)
      deepEqual(
        { ...mine, id: '', at: '' },
        {
          id: '',
          at: '',
          kind: 'capture',
          sourceType: 'payment',
          sourceId: order.id,
          postings: [
            { account: 'psp_clearing', amount: { currency: 'CNY', amount: 1234 } },
            { account: 'customer', amount: { currency: 'CNY', amount: -1234 } },
          ],
        },
      )
    pageToken = answer.nextPageToken
  } while (pageToken)
  deepEqual(seen, [...new Set(seen)].sort().reverse())
  equal(seen.length, new Set((await kit.entries()).map(({ kind, source_id }) => `${kind}${source_id}`)).size)
  await rejects(
    kit.admin().listLedgerEntries({ pageSize: 0, pageToken: '' }, kit.app.as({ user: newId(), roles: ['support'] })),
    refused('FORBIDDEN'),
  )
})

test('staff list payments by order and state', async () => {
  const order = await kit.paid()
  const support = kit.app.as({ user: newId(), roles: ['support'] })
  const list = async (more: object) =>
    (
      await kit
        .admin()
        .listAllPayments({ pageSize: 0, pageToken: '', orderId: '', status: 'UNSPECIFIED', ...more }, support)
    ).payments
  deepEqual(
    (await list({ orderId: order.orderId })).map(({ id, status }) => `${id} ${status}`),
    [`${order.id} CAPTURED`],
  )
  deepEqual(await list({ orderId: order.orderId, status: 'FAILED' }), [])
  deepEqual(await list({ orderId: 'x' }), [])
  equal(
    (await list({ status: 'CAPTURED' })).every(({ status }) => status === 'CAPTURED'),
    true,
  )
  await rejects(list({ pageToken: 'x' }), refused('VALIDATION_FAILED'))
})
