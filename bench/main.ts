import { writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import { createProduct, must, until } from '../tests/api.ts'
import { type Shape, type System, startSystem } from '../tests/system.ts'
import { bareServer, tpcB } from './limits.ts'
import { closedLoad, openLoad, type Work } from './load.ts'
import { type Row, rowOf, tableOf } from './report.ts'
import { type Shop, stockShop } from './shop.ts'
import { type Counters, openCounters, type Usage, usageOf } from './usage.ts'

const seconds = Number(process.env.SOUK_BENCH_SECONDS ?? 8)
const shape = (process.argv[2] === 'services' ? 'start-services' : 'start') as Shape
/** Orders that each payment lane pays. */
const payments = 3000
const say = (line: string) => process.stderr.write(`${line}\n`)
const port = (system: System) => Number(new URL(system.base).port)

type Bench = { system: System; shop: Shop; watch: () => Promise<{ usage: Usage; counters: Counters }> }

/** Runs one load and says what each piece of work cost the system. */
const measure = async (
  bench: Bench,
  what: string,
  target: string,
  run: () => ReturnType<typeof closedLoad>,
): Promise<Row> => {
  const before = await bench.watch()
  const outcome = await run()
  const after = await bench.watch()
  const done = Math.max(outcome.latencies.length, 1)
  const row = rowOf(what, outcome, {
    target,
    nodeMs: ((after.usage.node - before.usage.node) / done) * 1000,
    postgresMs: ((after.usage.postgres - before.usage.postgres) / done) * 1000,
    statements: (after.counters.statements - before.counters.statements) / done,
    commits: (after.counters.commits - before.counters.commits) / done,
  })
  say(`${what}: ${row.rate.toFixed(0)}/s, p99 ${row.p99.toFixed(1)} ms (${row.answers})`)
  return row
}

const get =
  (shot: Shop['list']): Work =>
  (lane) =>
    lane.send(shot)

/** Waits until the relays have nothing to do, so that one measurement does not pay for the one before. */
const rest = async (bench: Bench): Promise<void> => {
  let last = await bench.watch()
  await until(
    async () => {
      await new Promise((wake) => setTimeout(wake, 500))
      const now = await bench.watch()
      const busy = now.usage.postgres - last.usage.postgres
      last = now
      return busy
    },
    (busy) => busy < 0.1,
    60_000,
  )
}

const browse = async (bench: Bench, bare: number): Promise<Row[]> => {
  const rows: Row[] = []
  const { shop, system } = bench
  for (const [name, shot] of [
    ['list', shop.list],
    ['detail', shop.detail],
    ['page', shop.page],
  ] as const) {
    const row = await measure(bench, `browse: ${name}, 64 clients`, `≥ 60 % of bare Fastify, ≥ 10,000`, () =>
      closedLoad({ port: port(system), clients: 64, seconds, work: get(shot) }),
    )
    rows.push({
      ...row,
      what: `${row.what}${name === 'list' ? ` (${Math.round((row.rate / bare) * 100)} % of bare Fastify)` : ''}`,
    })
  }
  rows.push(
    await measure(bench, 'browse: list at half load', 'p95 < 50 ms', () =>
      openLoad({ port: port(system), rate: rows[0]!.rate / 2, seconds, lanes: 256, work: get(shop.list) }),
    ),
  )
  return rows
}

const write = async (bench: Bench): Promise<Row[]> => {
  const { shop, system } = bench
  const rows: Row[] = []
  const closed = async (what: string, target: string, clients: number, work: Work, count?: number) => {
    await rest(bench)
    rows.push(
      await measure(bench, `${what}, ${clients} clients`, target, () =>
        closedLoad({ port: port(system), clients, seconds: count ? 600 : seconds, count, work }),
      ),
    )
    return rows.at(-1)!
  }
  await closedLoad({ port: port(system), clients: 64, seconds: 3, work: shop.place })
  await closed('place order', '≥ 2,000/s', 64, shop.place)
  const most = await closed('place order', '≥ 3,000/s', 256, shop.place)
  await rest(bench)
  rows.push(
    await measure(bench, 'place order at half load, open model', 'p99 < 150 ms', () =>
      openLoad({ port: port(system), rate: Math.floor(most.rate / 2), seconds, lanes: 512, work: shop.place }),
    ),
  )
  await closed('add to cart', '≥ 5,000/s', 256, shop.addToCart)
  for (const clients of [64, 256]) {
    const orders = await shop.payable(payments)
    const row = await closed('pay: payment and page', '≥ 1,500/s', clients, shop.pay(orders), orders.length)
    const answered = performance.now()
    await shop.captured()
    row.answers += `; all captured ${((performance.now() - answered) / 1000).toFixed(1)} s later`
  }
  const { skuIds } = await createProduct(shop.admin, { stock: 200 })
  await closed('1,000 buyers on 200 units', 'decided in < 1 s', 250, shop.buyOne(skuIds[0]!), 1000)
  const stock = must(await shop.admin.get(`/v1/admin/inventory/${skuIds[0]}`), 200).warehouses[0]
  rows.at(-1)!.answers += `; available afterwards ${stock.available}`
  return rows
}

const main = async (): Promise<void> => {
  const system = await startSystem(shape)
  const url = await system.databaseUrl()
  const counters = await openCounters(url)
  try {
    const idle = usageOf(system.child.pid!, counters.postmaster)
    const shop = await stockShop(system)
    const watch = async () => ({
      usage: usageOf(system.child.pid!, counters.postmaster),
      counters: await counters.read(),
    })
    const bench: Bench = { system, shop, watch }
    const bytes = (await shop.admin.get(shop.list.path)).text
    const http = rowOf('bare node:http, the same bytes', await bareServer('http', bytes, { clients: 64, seconds }))
    const fastify = rowOf('bare Fastify, the same bytes', await bareServer('fastify', bytes, { clients: 64, seconds }))
    const tps = await tpcB(url, { clients: 32, seconds })
    say(
      `limits: node:http ${http.rate.toFixed(0)}/s, Fastify ${fastify.rate.toFixed(0)}/s, TPC-B-like ${tps.toFixed(0)}/s`,
    )
    const rows = [...(await browse(bench, fastify.rate)), ...(await write(bench))]
    const loaded = (await watch()).usage.rssMb
    const text = `# Benchmark, ${shape === 'start' ? 'one process' : 'services'}

Written by \`npm run bench${shape === 'start' ? '' : ' services'}\`. Load generator, system and PostgreSQL (fsync on) share one machine: ${availableParallelism()} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, load average before ${loadavg()[2]?.toFixed(1)}. ${seconds} s per row. Compare ratios, not machines.

## Limits of this machine, same run
${tableOf([http, fastify])}

TPC-B-like mix, 32 connections: ${tps.toFixed(0)} transactions/s.

## The system
${tableOf(rows)}

Memory without PostgreSQL: ${idle.rssMb.toFixed(0)} MB after start (to reach < 300), ${loaded.toFixed(0)} MB after the load (to reach < 600).
`
    await writeFile(new URL(shape === 'start' ? 'report.md' : 'report-services.md', import.meta.url), text)
  } finally {
    await counters.close()
    await system.remove()
  }
}

await main()
