import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createEdgeCache } from '../src/cache/edge-cache.ts'
import type { Made, Slot } from '../src/cache/ready.ts'
import { answerTags, collectionTags, factTags } from '../src/cache/tags.ts'
import { held } from './harness.ts'

/** A cache whose clock and timers are ours. */
const openCache = (maxBytes = 1_000_000) => {
  let at = 0
  let timers: { due: number; work: () => void }[] = []
  const cache = createEdgeCache({
    maxBytes,
    now: () => at,
    later: (work, ms) => {
      const one = { due: at + ms, work }
      timers.push(one)
      return () => {
        timers = timers.filter((other) => other !== one)
      }
    },
  })
  const advance = (ms: number): void => {
    at += ms
    const due = timers.filter((one) => one.due <= at)
    timers = timers.filter((one) => one.due > at)
    for (const { work } of due) work()
  }
  return { cache, advance, timers: () => timers.length }
}

const slot = (key: string, locale: Slot['locale'] = 'en'): Slot => ({
  key,
  route: '/v1/products',
  rateClass: 'read',
  ttlMs: 5_000,
  locale,
})
const made = (text: string, ...tags: string[]): Made => ({ status: 200, body: Buffer.from(text), headers: [], tags })
const changed = (productId: string) => ({ type: 'catalog.ProductChanged', payload: { productId } })

test('what was filled is found until its time is over', async () => {
  const { cache, advance } = openCache()
  await cache.fill(slot('a'), async () => made('1', 'product:1'))
  advance(4_000)
  assert.equal(cache.get('a')?.body.toString(), '1')
  advance(1_000)
  assert.equal(cache.get('a'), undefined)
})

test('a fact drops what it touches and nothing else', async () => {
  const { cache } = openCache()
  await cache.fill(slot('one'), async () => made('1', 'product:1'))
  await cache.fill(slot('one by slug'), async () => made('1', 'product:1'))
  await cache.fill(slot('two'), async () => made('2', 'product:2'))
  cache.hear(changed('1'))
  assert.deepEqual(
    [cache.get('one'), cache.get('one by slug'), cache.get('two')?.body.toString()],
    [undefined, undefined, '2'],
  )
})

test('a read that began before a drop is answered but not kept', async () => {
  const { cache } = openCache()
  const { promise, release } = held<Made>()
  const reading = cache.fill(slot('a'), () => promise)
  cache.hear(changed('1'))
  release(made('old', 'product:1'))
  assert.equal((await reading).body.toString(), 'old')
  assert.equal(cache.get('a'), undefined)
  await cache.fill(slot('a'), async () => made('new', 'product:1'))
  assert.equal(cache.get('a')?.body.toString(), 'new')
})

test('a drop of something else does not hinder keeping', async () => {
  const { cache } = openCache()
  const { promise, release } = held<Made>()
  const reading = cache.fill(slot('a'), () => promise)
  cache.hear(changed('2'))
  release(made('1', 'product:1'))
  await reading
  assert.ok(cache.get('a'))
})

test('a flood of drops during one read counts against it', async () => {
  const { cache } = openCache()
  const { promise, release } = held<Made>()
  const reading = cache.fill(slot('a'), () => promise)
  cache.hear(changed('1'))
  for (let i = 0; i < 25_000; i++) cache.hear(changed(`other-${i}`))
  release(made('old', 'product:1'))
  await reading
  assert.equal(cache.get('a'), undefined)
})

test('callers that come during a read share it; a failure is shared but not kept', async () => {
  const { cache } = openCache()
  let reads = 0
  const { promise, release } = held<Made>()
  const fill = () =>
    cache.fill(slot('a'), () => {
      reads += 1
      return promise
    })
  const all = [fill(), fill(), fill()]
  release(made('1', 'product:1'))
  assert.equal(new Set(await Promise.all(all)).size, 1)
  assert.equal(reads, 1)
  const failing = () => cache.fill(slot('b'), async () => Promise.reject(new Error('down')))
  assert.deepEqual(
    (await Promise.allSettled([failing(), failing()])).map(({ status }) => status),
    ['rejected', 'rejected'],
  )
  await cache.fill(slot('b'), async () => made('up', 'product:2'))
  assert.ok(cache.get('b'))
})

test('a collection is dropped at once, then at most once a second, and once more after the last fact', async () => {
  const { cache, advance, timers } = openCache()
  const refill = () => cache.fill(slot('list'), async () => made('x', 'catalog'))
  await refill()
  cache.hear(changed('1'))
  assert.equal(cache.get('list'), undefined)
  await refill()
  for (let i = 0; i < 100; i++) cache.hear(changed(String(i)))
  assert.ok(cache.get('list'))
  assert.equal(timers(), 1)
  advance(999)
  assert.ok(cache.get('list'))
  advance(1)
  assert.equal(cache.get('list'), undefined)
  assert.equal(timers(), 0)
  await refill()
  advance(1_000)
  cache.hear(changed('1'))
  assert.equal(cache.get('list'), undefined)
})

test('a list read before a fact that waits is dropped when its turn comes', async () => {
  const { cache, advance } = openCache()
  cache.hear(changed('1'))
  const { promise, release } = held<Made>()
  const reading = cache.fill(slot('list'), () => promise)
  cache.hear(changed('2'))
  release(made('old', 'catalog'))
  await reading
  advance(1_000)
  assert.equal(cache.get('list'), undefined)
})

test('nothing waits after closing', () => {
  const { cache, timers } = openCache()
  cache.hear(changed('1'))
  cache.hear(changed('2'))
  cache.close()
  assert.equal(timers(), 0)
})

test('raw addresses lead to what they mean, per language, and no longer when it is gone', async () => {
  const { cache } = openCache()
  const english = await cache.fill(slot('a en'), async () => made('pan', 'product:1'))
  cache.remember(english, '/v1/products/pan')
  assert.equal(cache.getByUrl('en', '/v1/products/pan'), english)
  assert.equal(cache.getByUrl('zh-CN', '/v1/products/pan'), undefined)
  cache.hear(changed('1'))
  assert.equal(cache.getByUrl('en', '/v1/products/pan'), undefined)
})

test('what was never kept, is too long or too much is not remembered', async () => {
  const { cache } = openCache()
  const refused = await cache.fill(slot('a'), async () => ({ ...made('x'), status: 410 }))
  cache.remember(refused, '/a')
  assert.equal(cache.getByUrl('en', '/a'), undefined)
  const kept = await cache.fill(slot('b'), async () => made('x', 'product:1'))
  cache.remember(kept, `/${'b'.repeat(600)}`)
  assert.equal(kept.urls.length, 0)
  for (let i = 0; i < 100; i++) cache.remember(kept, `/b?${i}`)
  assert.equal(kept.urls.length, 16)
})

test('the least used leave when the bytes run out, and leave no trace', async () => {
  const { cache } = openCache(100_000)
  for (let i = 0; i < 40; i++) {
    const ready = await cache.fill(slot(`k${i}`), async () => made('x'.repeat(4_000), `product:${i}`))
    cache.remember(ready, `/k${i}`)
    assert.ok(cache.getByUrl('en', '/k0'))
  }
  assert.equal(cache.getByUrl('en', '/k1'), undefined)
  assert.ok(cache.get('k39'))
  await cache.fill(slot('huge'), async () => made('x'.repeat(50_000), 'product:1'))
  assert.equal(cache.get('huge'), undefined)
})

test('what nothing could drop is not kept', async () => {
  const { cache } = openCache()
  await cache.fill(slot('a'), async () => ({ ...made('x'), tags: undefined }))
  assert.equal(cache.get('a'), undefined)
})

test('whatever happens in whatever order, an answer kept is never older than the last drop of its tag', async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('begin' as const), id: fc.nat(3) }),
    fc.record({ kind: fc.constant('finish' as const), id: fc.nat(3) }),
    fc.record({ kind: fc.constant('change' as const), id: fc.nat(3) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { cache } = openCache()
      const truth = [0, 0, 0, 0]
      const open = new Map<number, { release: (value: Made) => void; saw: number; done: Promise<unknown> }>()
      for (const { kind, id } of steps) {
        if (kind === 'change') {
          truth[id]! += 1
          cache.hear(changed(String(id)))
        } else if (kind === 'begin' && !open.has(id) && !cache.get(`k${id}`)) {
          const { promise, release } = held<Made>()
          open.set(id, { release, saw: truth[id]!, done: cache.fill(slot(`k${id}`), () => promise) })
        } else if (kind === 'finish') {
          const reading = open.get(id)
          reading?.release(made(String(reading.saw), `product:${id}`))
          await reading?.done
          open.delete(id)
        }
        for (const [i, version] of truth.entries()) {
          const kept = cache.get(`k${i}`)
          if (kept) assert.equal(kept.body.toString(), String(version))
        }
      }
    }),
  )
})

test('tags come from the contract', () => {
  assert.deepEqual([...collectionTags].sort(), ['catalog', 'categories'])
  assert.deepEqual(factTags(changed('7')), ['product:7', 'catalog'])
  assert.deepEqual(factTags({ type: 'order.OrderPaid', payload: { orderId: '1' } }), [])
  assert.deepEqual(factTags({ type: 'constructor', payload: {} }), [])
  assert.deepEqual(
    answerTags(['product:{response.product.id}', 'x:{request.name}'], { name: 'n' }, { product: { id: '7' } }),
    ['product:7', 'x:n'],
  )
  assert.equal(answerTags(['product:{response.product.id}'], {}, {}), undefined)
  assert.equal(answerTags(['product:{response.id}'], {}, { id: '' }), undefined)
})
