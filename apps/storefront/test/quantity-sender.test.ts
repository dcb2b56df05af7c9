import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'node:test'
import { createQuantitySender } from '../src/data/quantity-sender.ts'

type Sent = { skuId: string; quantity: number; answer: () => void; refuse: (error: Error) => void }

/** A sender whose clock and server are moved by hand. */
const onBench = () => {
  const sent: Sent[] = []
  const answers: string[] = []
  const refusals: string[] = []
  let due: (() => void) | undefined
  const sender = createQuantitySender<string>({
    send: (skuId, quantity) =>
      new Promise((resolve, reject) => {
        sent.push({ skuId, quantity, answer: () => resolve(`${skuId}=${quantity}`), refuse: reject })
      }),
    onAnswer: (answer) => void answers.push(answer),
    onRefusal: (skuId) => void refusals.push(skuId),
    quietMs: 350,
    setTimer: (run) => {
      due = run
      return 1 as never
    },
    clearTimer: () => {
      due = undefined
    },
  })
  const quiet = () => {
    const run = due
    due = undefined
    run?.()
  }
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve))
  return { sender, sent, answers, refusals, quiet, settled }
}

test('twenty quick presses are one request with the last number', async () => {
  const { sender, sent, answers, quiet, settled } = onBench()
  for (let quantity = 2; quantity <= 21; quantity++) sender.set('a', quantity)
  quiet()
  deepEqual(
    sent.map(({ quantity }) => quantity),
    [21],
  )
  sent[0]?.answer()
  await settled()
  deepEqual(answers, ['a=21'])
  equal(sender.unconfirmed().size, 0)
})

test('one request at a time; what was pressed meanwhile follows', async () => {
  const { sender, sent, answers, quiet, settled } = onBench()
  sender.set('a', 2)
  quiet()
  sender.set('a', 5)
  sender.set('b', 1)
  quiet()
  equal(sent.length, 1)
  sent[0]?.answer()
  await settled()
  deepEqual(
    sent.map(({ skuId, quantity }) => [skuId, quantity]),
    [
      ['a', 2],
      ['a', 5],
    ],
  )
  sent[1]?.answer()
  await settled()
  sent[2]?.answer()
  await settled()
  deepEqual(answers, ['a=2', 'a=5', 'b=1'])
})

test('an unconfirmed number is the newest one pressed', () => {
  const { sender, quiet } = onBench()
  sender.set('a', 2)
  quiet()
  sender.set('a', 3)
  deepEqual([...sender.unconfirmed()], [['a', 3]])
})

test('a refusal is told unless something newer is on its way', async () => {
  const { sender, sent, refusals, quiet, settled } = onBench()
  sender.set('a', 2)
  quiet()
  sender.set('a', 3)
  sent[0]?.refuse(new Error('short'))
  await settled()
  deepEqual(refusals, [])
  quiet()
  sent[1]?.refuse(new Error('short'))
  await settled()
  deepEqual(refusals, ['a'])
})

test('a removed line is not sent any more', () => {
  const { sender, sent, quiet } = onBench()
  sender.set('a', 2)
  sender.forget('a')
  quiet()
  equal(sent.length, 0)
})
