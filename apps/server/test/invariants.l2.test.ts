import { deepEqual, equal, match } from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { createTestDatabase } from '@souk/platform/testing'
import pg from 'pg'
import { contexts } from '../src/contexts.ts'
import { checkInvariants, rules } from '../src/invariants/check.ts'
import { soundBooks } from './books.ts'
import { violations } from './violations.ts'

/** The books of a whole system after `sql`, written past every guard that only the database's owner may lift. */
const booksAfter = async (t: TestContext, sql: string): Promise<() => string> => {
  const database = await createTestDatabase(contexts)
  t.after(() => database.drop())
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    // Replica: neither triggers nor foreign keys stand in the way of a planted violation.
    await client.query(`begin; set local session_replication_role = replica; ${sql}; commit`)
  } finally {
    await client.end()
  }
  return () => database.url
}

for (const { rule, says, sql, subject, detail } of violations)
  test(`${rule}: ${says}`, async (t) => {
    const urlOf = await booksAfter(t, `${soundBooks} ${sql}`)
    const findings = await checkInvariants(urlOf, { atRest: true })
    deepEqual(
      findings.map((found) => [found.invariant, found.subject]),
      [[rules.find(({ about }) => about === rule)?.id, subject]],
      JSON.stringify(findings),
    )
    match(findings[0]!.detail, detail)
  })

test('every rule has its planted violation', () =>
  deepEqual([...new Set(violations.map(({ rule }) => rule))].sort(), rules.map(({ about }) => about).sort()))

test('an empty database breaks nothing', async (t) =>
  deepEqual(await checkInvariants(await booksAfter(t, 'select 1'), { atRest: true }), []))

test('sound books break nothing, at rest and while running', async (t) => {
  const urlOf = await booksAfter(t, soundBooks)
  deepEqual(await checkInvariants(urlOf, { atRest: true }), [])
  deepEqual(await checkInvariants(urlOf), [])
})

test('while running, what may still be on its way is no finding; what must always hold is', async (t) => {
  const onTheWay = violations.filter(({ rule }) =>
    [
      'every fact is taken by everybody who hears it',
      'what was said and what was taken are the same set',
      'no order waits in PAID or CANCELLING for ever',
    ].includes(rule),
  )
  equal(onTheWay.length, 3)
  const urlOf = await booksAfter(t, [soundBooks, ...onTheWay.map(({ sql }) => sql)].join(';'))
  deepEqual(await checkInvariants(urlOf), [])
  const broken = await booksAfter(t, `${soundBooks} update souk_inventory.stock set on_hand = 11`)
  deepEqual(
    (await checkInvariants(broken)).map(({ invariant }) => invariant),
    ['I2'],
  )
})
