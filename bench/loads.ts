import { createProduct, must } from '../tests/api.ts'
import { appliedFacts, type Lags, lagsOf } from './facts.ts'
import { openHotSku } from './hot-sku.ts'
import { closedLoad, openLoad, type Work } from './load.ts'
import { type Bench, measure, portOf, rest, say, watchOf } from './measure.ts'
import { type Figure, type Goal, goalOf, type Row } from './report.ts'
import type { Shop } from './shop.ts'
import { openCounters } from './usage.ts'

/** Orders that each payment lane pays. */
const payments = 3000
const warmUp = 1

const get =
  (shot: Shop['list']): Work =>
  (lane) =>
    lane.send(shot)

/** `bare`: what Fastify alone does with the same bytes, a second. */
export const browse = async ({ system, shop, watch, seconds }: Bench, bare: number): Promise<Row[]> => {
  const rows: Row[] = []
  const port = portOf(system)
  for (const name of ['list', 'detail', 'page'] as const) {
    const run = () => closedLoad({ port, clients: 64, seconds, warmUp, work: get(shop[name]) })
    const row = await measure(watch, `browse: ${name}, 64 clients`, run, ({ rate }) =>
      goalOf('≥ 60 % of bare Fastify, ≥ 10,000', rate >= 0.6 * bare && rate >= 10_000),
    )
    if (name === 'list') row.what += ` (${Math.round((row.rate / bare) * 100)} % of bare Fastify)`
    rows.push(row)
  }
  const rate = rows[0]!.rate / 2
  const half = () => openLoad({ port, rate, seconds, lanes: 256, warmUp, work: get(shop.list) })
  rows.push(
    await measure(watch, 'browse: list at half load, open model', half, ({ p95 }) => goalOf('p95 < 50 ms', p95 < 50)),
  )
  return rows
}

/** Runs a load and says how long its facts took to their consumers. */
const withFacts = async (
  { system, watch }: Bench,
  when: string,
  url: string,
  run: () => Promise<unknown>,
): Promise<Figure> => {
  await rest(watch)
  const before = await appliedFacts(system)
  const lags = await lagsOf(url, run)
  const after = await appliedFacts(system)
  const share = (after.soon - before.soon) / Math.max(after.all - before.all, 1)
  const value = `${lags.facts} facts: p50 ${ms(lags.p50)}, p95 ${ms(lags.p95)}, p99 ${ms(lags.p99)}, longest ${ms(lags.longest)}; ${(share * 100).toFixed(2)} % applied within 500 ms`
  say(`facts, ${when}: ${value}`)
  return { what: when, value, goal: factGoal(lags, share) }
}

const ms = (value: number): string => `${value.toFixed(0)} ms`
const factGoal = ({ facts, p99 }: Lags, share: number): Goal =>
  goalOf('p99 < 500 ms', facts > 0 && p99 < 500 && share >= 0.99)

type Written = { rows: Row[]; facts: Figure[] }

const place = async (bench: Bench, url: string, tps: number, written: Written): Promise<void> => {
  const { shop, system, watch, seconds } = bench
  const port = portOf(system)
  const at = (clients: number) => () => closedLoad({ port, clients, seconds, warmUp, work: shop.place })
  await closedLoad({ port, clients: 64, seconds: 3, work: shop.place })
  await rest(watch)
  written.rows.push(
    await measure(watch, 'place order, 64 clients', at(64), ({ rate }) => goalOf('≥ 2,000/s', rate >= 2000)),
  )
  const fact = await withFacts(bench, 'placing, 256 clients', url, async () => {
    written.rows.push(
      await measure(watch, 'place order, 256 clients', at(256), ({ rate }) =>
        goalOf('≥ 3,000/s, ≥ 60 % of TPC-B-like', rate >= 3000 && rate >= 0.6 * tps),
      ),
    )
  })
  const rate = Math.floor(written.rows.at(-1)!.rate / 2)
  const half = await withFacts(bench, 'placing at half load', url, async () => {
    const run = () => openLoad({ port, rate, seconds, lanes: 512, warmUp, work: shop.place })
    written.rows.push(
      await measure(watch, 'place order at half load, open model', run, ({ p99 }) => goalOf('p99 < 150 ms', p99 < 150)),
    )
  })
  const calm = await withFacts(bench, 'ten orders a second and nothing else', url, () =>
    openLoad({ port, rate: 10, seconds: 20, lanes: 16, work: shop.place }),
  )
  written.facts.push(calm, half, fact)
}

const pay = async (bench: Bench, url: string, written: Written): Promise<void> => {
  const { shop, system, watch } = bench
  for (const clients of [64, 256]) {
    await shop.signInAgain()
    const orders = await shop.payable(payments)
    const work: Work = (lane, n) => shop.pay(lane, n, orders[n]!)
    const run = () => closedLoad({ port: portOf(system), clients, seconds: 600, count: orders.length, work })
    let row: Row | undefined
    const fact = await withFacts(bench, `paying, ${clients} clients`, url, async () => {
      row = await measure(watch, `pay: payment and page, ${clients} clients`, run, ({ rate }) =>
        goalOf('≥ 1,500/s', rate >= 1500),
      )
      const answered = performance.now()
      await shop.captured()
      row.answers += `; all captured ${((performance.now() - answered) / 1000).toFixed(1)} s later`
    })
    written.rows.push(row!)
    written.facts.push(fact)
  }
}

const buyFew = async ({ shop, system, watch }: Bench): Promise<Row> => {
  const { skuIds } = await createProduct(shop.admin, { stock: 200 })
  await rest(watch)
  const work = shop.buyOne(skuIds[0]!)
  let decided = 0
  const row = await measure(watch, '1,000 buyers on 200 units, 250 clients', async () => {
    const outcome = await closedLoad({ port: portOf(system), clients: 250, seconds: 600, count: 1000, work })
    decided = outcome.seconds
    return outcome
  })
  const stock = must(await shop.admin.get(`/v1/admin/inventory/${skuIds[0]}`), 200).warehouses[0]
  const available = stock.onHand - stock.reserved - stock.allocated
  row.answers += `; decided in ${decided.toFixed(2)} s, available afterwards ${available}`
  row.goal = goalOf('decided in < 1 s, 0 oversold', decided < 1 && available === 0 && / ?201: 200\b/.test(row.answers))
  return row
}

/** Everything that changes something, through the public interface. */
export const write = async (bench: Bench, url: string, tps: number): Promise<Written> => {
  const { shop, system, watch, seconds } = bench
  const written: Written = { rows: [], facts: [] }
  await place(bench, url, tps, written)
  await rest(watch)
  const add = () => closedLoad({ port: portOf(system), clients: 256, seconds, warmUp, work: shop.addToCart })
  written.rows.push(
    await measure(watch, 'add to cart, 256 clients', add, ({ rate }) => goalOf('≥ 5,000/s', rate >= 5000)),
  )
  await pay(bench, url, written)
  written.rows.push(await buyFew(bench))
  return written
}

/** One hot SKU at the port of the inventory, in this process, beside a system that rests. */
export const reserve = async (bench: Bench, url: string): Promise<Row[]> => {
  await rest(bench.watch)
  const hot = await openHotSku(url)
  const counters = await openCounters(hot.url)
  try {
    // The system that rests is a child of this process and counted with it.
    const watch = watchOf(process.pid, counters)
    const rows: Row[] = []
    await hot.reserve({ callers: 256, seconds: warmUp })
    for (const callers of [64, 256, 512]) {
      const run = () => hot.reserve({ callers, seconds: bench.seconds })
      rows.push(await measure(watch, `reserve one hot SKU, ${callers} callers`, run))
    }
    const held = await hot.held()
    const row = rows.at(-1)!
    row.answers += `; ${held.stock} pieces reserved for ${held.holds} held`
    row.goal = goalOf('≥ 15,000/s, 0 oversold', row.rate >= 15_000 && held.stock === held.holds)
    return rows
  } finally {
    await counters.close()
    await hot.close()
  }
}
