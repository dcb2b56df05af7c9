import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'node:test'
import { createLine } from '../src/service/wait-in-line.ts'
import { outcome } from './app.ts'

const later = Date.now() + 60_000

test('never more at once than there is room for, first come first served', async () => {
  const inLine = createLine(2, 100)
  let busy = 0
  let most = 0
  const order: number[] = []
  const work = (place: number) => async () => {
    order.push(place)
    most = Math.max(most, ++busy)
    for (let turns = 0; turns < 3 + (place % 3); turns++) await new Promise((done) => setImmediate(done))
    busy--
    if (place % 4 === 0) throw new Error('failed')
    return place
  }
  const answers = await Promise.allSettled(Array.from({ length: 40 }, (_, place) => inLine(later, work(place))))
  equal(most, 2)
  deepEqual(
    order,
    [...order].sort((a, b) => a - b),
  )
  equal(answers.filter(({ status }) => status === 'rejected').length, 10)
  equal(await inLine(later, async () => 'free again'), 'free again')
})

test('a full line refuses at once, and a deadline that passed is not worked for', async () => {
  const inLine = createLine(1, 2)
  const gate = Promise.withResolvers<void>()
  let worked = 0
  const first = inLine(later, () => gate.promise)
  const late = outcome(inLine(Date.now() - 1, async () => void worked++))
  const second = outcome(inLine(later, async () => void worked++))
  equal(await outcome(inLine(later, async () => void worked++)), 'RATE_LIMITED')
  gate.resolve()
  await first
  deepEqual([await late, await second, worked], ['DEADLINE_EXCEEDED', 'ok', 1])
})
