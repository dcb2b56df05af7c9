import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import pg from 'pg'
import { encodeArray, toWire } from '../src/db/arrays.ts'
import { sql } from '../src/db/sql.ts'
import { createTestDatabase, type TestDatabase } from '../src/testing/database.ts'

const noNul = (text: string) => !text.includes('\0') && text.isWellFormed()
const time = fc
  .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString())
const document = fc.oneof(
  fc.json().filter(noNul),
  fc
    .string({ unit: 'grapheme' })
    .filter(noNul)
    .map((text) => JSON.stringify({ text })),
)
const kinds: Record<string, fc.Arbitrary<unknown>> = {
  text: fc.string({ unit: 'binary' }).filter(noNul),
  uuid: fc.oneof(
    fc.uuid(),
    fc.uuid().map((text) => text.toUpperCase()),
  ),
  int4: fc.integer(),
  int8: fc.maxSafeInteger(),
  bigint: fc.oneof(fc.constantFrom(-1, -(2 ** 32), 2 ** 32 - 1, Number.MIN_SAFE_INTEGER), fc.maxSafeInteger()),
  boolean: fc.boolean(),
  timestamptz: time,
  json: document.filter((text) => !/\\u0000/.test(text)),
  jsonb: document.filter((text) => !/\\u0000|\\ud[89a-f]/i.test(text)),
}

describe('arrays in binary', () => {
  let database: TestDatabase
  let client: pg.Client

  before(async () => {
    database = await createTestDatabase([])
    client = new pg.Client({ connectionString: database.url })
    await client.connect()
  })
  after(async () => {
    await client.end()
    await database.drop()
  })

  for (const [type, element] of Object.entries(kinds))
    test(`${type}: the server reads what it would read from text, empty arrays and nulls too`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.option(element)), async (values) => {
          const binary = encodeArray(type, values)
          assert.ok(binary)
          const { rows } = await client.query(
            `select $1::${type}[]::text = $2::${type}[]::text as equal, cardinality($1::${type}[]) as count`,
            [binary, values],
          )
          assert.deepEqual(rows[0], { equal: true, count: values.length })
        }),
        { numRuns: 200 },
      )
    })

  test('only what is cast to an array, and what fits its type, goes in binary', () => {
    const [id, at] = ['01890a5d-ac96-774b-bcce-b302099a8057', '2026-01-02T03:04:05.678Z']
    const sent = (statement: Parameters<typeof toWire>[0]) => toWire(statement).map(Buffer.isBuffer)
    assert.deepEqual(sent(sql`select ${[id]}::uuid[], ${[1]}::int8[], ${[at]}::timestamptz[]`), [true, true, true])
    assert.deepEqual(sent(sql`select ${id}::uuid, any(${[id]}), ${[[1]]}::int8[]`), [false, false, false])
    for (const statement of [
      sql`select ${['not an id']}::uuid[]`,
      sql`select ${[1.5]}::int8[]`,
      sql`select ${[2 ** 31]}::int4[]`,
      sql`select ${['2026-01-02 03:04:05.678901+00']}::timestamptz[]`,
      sql`select ${[{}]}::jsonb[]`,
      sql`select ${[1]}::numeric[]`,
    ])
      assert.deepEqual(sent(statement), [false], statement.text)
  })

  test('what does not fit is refused by the server in its own words', async () => {
    const { text, ...statement } = sql`select ${['not an id']}::uuid[]`
    await assert.rejects(client.query(text, toWire({ ...statement, text } as never)), /invalid input syntax/)
  })
})
