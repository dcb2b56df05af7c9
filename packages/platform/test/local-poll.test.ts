import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'node:test'
import { createLocalPoll } from '../src/bus/local-poll.ts'
import type { Envelope } from '../src/inbox/inbox.ts'
import { createWaiters } from '../src/lifecycle/waiters.ts'

const fact = (eventId: string): Envelope => ({
  eventId,
  type: 'catalog.PriceChanged',
  aggregateId: 'a',
  aggregateVersion: 1,
  payload: '{}',
  traceparent: '',
  at: '',
})

/** A context's facts as its table has them; the cursor is how many there were. */
const table = ({ holdMs = 1, during = async () => {} }: { holdMs?: number; during?: () => Promise<void> } = {}) => {
  const facts: Envelope[] = []
  const state = { reads: 0, ending: false }
  const polls = createLocalPoll({
    waiters: createWaiters(),
    holdMs,
    ending: () => state.ending,
    read: async (_, cursor) => {
      state.reads++
      const page = { facts: facts.slice(Number(cursor)), cursor: String(facts.length) }
      await during()
      return page
    },
  })
  return { facts, state, polls }
}
const forEver = 1_000_000
const poll = (polls: ReturnType<typeof table>['polls'], cursor: string) =>
  polls.poll('catalog', cursor).then((page) => page.facts.map(({ eventId }) => eventId))

test('at rest each poll is one look', async () => {
  const { state, polls } = table()
  for (let n = 0; n < 5; n++) deepEqual(await poll(polls, '0'), [])
  equal(state.reads, 6)
})

test('what another process committed is found by the next look', async () => {
  const { facts, polls } = table()
  await poll(polls, '0')
  facts.push(fact('theirs'))
  deepEqual(await poll(polls, '0'), ['theirs'])
})

test('what was committed here between two polls is found without waiting', async () => {
  const { facts, polls } = table({ holdMs: forEver })
  const first = poll(polls, '0')
  await new Promise((done) => setImmediate(done))
  polls.told('catalog')
  deepEqual(await first, [])
  facts.push(fact('ours'))
  polls.told('catalog')
  deepEqual(await poll(polls, '0'), ['ours'])
})

test('what was committed here while it looked is found without waiting', async () => {
  let once = true
  const it = table({
    holdMs: forEver,
    during: async () => {
      if (!once) return
      once = false
      it.facts.push(fact('meanwhile'))
      it.polls.told('catalog')
    },
  })
  deepEqual(await poll(it.polls, '0'), ['meanwhile'])
})

test('who waits is woken by a commit here', async () => {
  const { facts, polls } = table({ holdMs: forEver })
  const waiting = poll(polls, '0')
  await new Promise((done) => setImmediate(done))
  facts.push(fact('now'))
  polls.told('catalog')
  deepEqual(await waiting, ['now'])
})

test('the first poll starts now and answers at once', async () => {
  const { state, polls } = table({ holdMs: forEver })
  deepEqual(await poll(polls, ''), [])
  equal(state.reads, 1)
})

test('nobody waits while the process ends', async () => {
  const { state, polls } = table({ holdMs: forEver })
  state.ending = true
  deepEqual(await poll(polls, '0'), [])
})
