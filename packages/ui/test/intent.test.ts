import { deepEqual, equal, match, notEqual, rejects } from 'node:assert/strict'
import { test } from 'node:test'
import { createIntents, isFinal, isUnsure, type Shelf, sendIntent, uuidOf } from '../src/intent.ts'

const newShelf = (): Shelf & { kept: Map<string, string> } => {
  const kept = new Map<string, string>()
  return {
    kept,
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
    removeItem: (name) => void kept.delete(name),
  }
}

const counter = () => {
  let count = 0
  return () => `key-${++count}`
}

const refusal = (status: number, code = 'X', retryAfter?: number) =>
  Object.assign(new Error(code), { status, code, retryAfter })

test('the same intent keeps its key, also after a reload', () => {
  const shelf = newShelf()
  const newKey = counter()
  const key = createIntents(shelf, newKey).keyFor('place', { total: 1, lines: [{ sku: 'a', n: 2 }] })
  const reloaded = createIntents(shelf, newKey)
  equal(reloaded.keyFor('place', { lines: [{ n: 2, sku: 'a' }], total: 1 }), key)
})

test('another body is another intent', () => {
  const intents = createIntents(newShelf(), counter())
  const key = intents.keyFor('place', { total: 1 })
  notEqual(intents.keyFor('place', { total: 2 }), key)
})

test('scopes do not share keys', () => {
  const intents = createIntents(newShelf(), counter())
  notEqual(intents.keyFor('pay.1', {}), intents.keyFor('pay.2', {}))
})

test('nothing of the body is kept in storage', () => {
  const shelf = newShelf()
  createIntents(shelf, counter()).keyFor('place', { street: 'Elm Street 1' })
  equal([...shelf.kept.values()].join().includes('Elm'), false)
})

for (const [says, error, final, unsure] of [
  ['a business refusal', refusal(409, 'OUT_OF_STOCK'), true, false],
  ['a bad request', refusal(400), true, false],
  ['a conflict that is still running', refusal(409, 'IN_PROGRESS'), false, true],
  ['somebody who must sign in first', refusal(401), false, false],
  ['a limit', refusal(429), false, false],
  ['a server error', refusal(500), false, true],
  ['a busy server', refusal(503), false, true],
  ['a cut connection', refusal(0, 'NETWORK'), false, true],
  ['an error of another kind', new TypeError('failed to fetch'), false, true],
] as const)
  test(`${says}: final ${final}, unsure ${unsure}`, () => deepEqual([isFinal(error), isUnsure(error)], [final, unsure]))

const sending = (answers: (Error | string)[]) => {
  const keys: string[] = []
  const waits: number[] = []
  const shelf = newShelf()
  const intents = createIntents(shelf, counter())
  const run = () =>
    sendIntent({
      intents,
      scope: 'place',
      body: { n: 1 },
      send: async (key) => {
        keys.push(key)
        const answer = answers.shift() ?? 'done'
        if (answer instanceof Error) throw answer
        return answer
      },
      sleep: async (ms) => void waits.push(ms),
      random: () => 0.5,
    })
  return { run, keys, waits, shelf }
}

test('an unknown outcome is asked about again with the same key', async () => {
  const { run, keys, waits, shelf } = sending([refusal(0), refusal(503, 'UNAVAILABLE', 2), 'order'])
  equal(await run(), 'order')
  deepEqual(new Set(keys).size, 1)
  deepEqual(waits, [300, 2000])
  equal(shelf.kept.size, 0)
})

test('after two silent tries the key is kept for the next press', async () => {
  const { run, keys } = sending([refusal(0), refusal(0), refusal(0), 'order'])
  await rejects(run())
  equal(keys.length, 3)
  equal(await run(), 'order')
  equal(new Set(keys).size, 1)
})

test('after a final refusal the next press is a new intent', async () => {
  const { run, keys } = sending([refusal(409, 'PRICE_CHANGED'), 'order'])
  await rejects(run())
  await run()
  deepEqual(keys, ['key-1', 'key-2'])
})

test('a sign-in in between does not change the key', async () => {
  const { run, keys } = sending([refusal(401), 'order'])
  await rejects(run())
  await run()
  deepEqual(keys, ['key-1', 'key-1'])
})

test('keys are UUIDs of version 4, whatever the bytes', () => {
  for (const byte of [0, 0x0f, 0x7f, 0xff])
    match(
      uuidOf(new Uint8Array(16).fill(byte)),
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    )
})
