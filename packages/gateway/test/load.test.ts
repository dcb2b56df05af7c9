import assert from 'node:assert/strict'
import { test } from 'node:test'
import { methods } from '@souk/contract/methods'
import { faultOf } from '@souk/kernel'
import { createLoad, type Load } from '../src/guard/load.ts'

const entries = methods.filter(({ shedAbove }) => !shedAbove).slice(0, 4)

/** A shop on a clock of its own that answers `perSecond` requests, first come, first served. */
const simulate = () => {
  let at = 0
  const load: Load = createLoad({ least: 216, answerWithinMs: 100 }, () => at)
  const queue: { leave: () => void; from: number }[] = []
  let kinds = 0
  const enter = (kind = kinds++): boolean => {
    try {
      queue.push({ leave: load.enter(entries[kind % entries.length]!), from: at })
      return true
    } catch (error) {
      assert.equal(faultOf(error)?.code, 'OVERLOADED')
      return false
    }
  }
  /** Goes on for so long; the longest wait, and how many were let in, refused and answered. */
  const run = (seconds: number, { arrive, answer }: { arrive: number; answer: number }) => {
    const seen = { longest: 0, entered: 0, refused: 0, answered: 0 }
    const end = at + seconds * 1000
    let [arriving, answering] = [0, 0]
    for (; at < end; at++) {
      for (arriving += arrive / 1000; arriving >= 1; arriving--) seen[enter() ? 'entered' : 'refused']++
      for (
        answering = Math.min(answering + answer / 1000, 1 + answer / 1000);
        answering >= 1 && queue[0];
        answering--
      ) {
        const { leave, from } = queue.shift()!
        leave()
        seen.answered++
        seen.longest = Math.max(seen.longest, at - from)
      }
    }
    return seen
  }
  /** So many of one kind at the same moment; how many were let in. */
  const burst = (count: number) => Array.from({ length: count }, () => enter(0)).filter(Boolean).length
  return { run, burst }
}

test('three times what a fast shop can do: it goes on at its pace, and nobody who is let in waits for long', () => {
  const shop = simulate()
  shop.run(2, { arrive: 6000, answer: 2000 })
  const { longest, answered, refused } = shop.run(10, { arrive: 6000, answer: 2000 })
  assert.ok(answered >= 19_990, `${answered} answered`)
  assert.ok(refused > 35_000, `${refused} refused`)
  assert.ok(longest <= 200, `${longest} ms`)
})

test('a slow shop in a flood lets in the least, whatever it let in before it was slow', () => {
  const shop = simulate()
  shop.run(5, { arrive: 6000, answer: 2000 })
  shop.run(10, { arrive: 6000, answer: 200 })
  const { longest, answered } = shop.run(10, { arrive: 6000, answer: 200 })
  assert.ok(answered >= 1990, `${answered} answered`)
  assert.ok(longest <= (216 / 200) * 1000 + 50, `${longest} ms`)
})

test('below its pace nothing is refused', () => {
  const shop = simulate()
  shop.run(5, { arrive: 6000, answer: 2000 })
  shop.run(2, { arrive: 1000, answer: 2000 })
  assert.equal(shop.run(20, { arrive: 1900, answer: 2000 }).refused, 0)
})

test('a thousand at the same moment are let in by a calm shop, not right after a flood', () => {
  assert.equal(simulate().burst(1000), 1000)
  const busy = simulate()
  busy.run(5, { arrive: 6000, answer: 2000 })
  busy.run(2, { arrive: 0, answer: 2000 })
  assert.equal(busy.burst(1000), 270)
  busy.run(300, { arrive: 0, answer: 2000 })
  assert.equal(busy.burst(1000), 1000)
})
