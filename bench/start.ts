import { utimes } from 'node:fs/promises'
import { address, createProduct, must, registerBuyer, signIn, until } from '../tests/api.ts'
import { crashPostgres } from '../tests/faults/postgres.ts'
import { type Shape, type System, startSystem } from '../tests/system.ts'
import { rest, say, type Watch, watchOf } from './measure.ts'
import { type Figure, goalOf } from './report.ts'
import { openCounters } from './usage.ts'

/** The first start of a fresh clone builds the pages; so does one that finds them older than their sources. */
const makePagesOld = (): Promise<void> =>
  utimes(new URL('../apps/storefront/dist/index.html', import.meta.url), 0, 0).catch(() => {})

const secondsOf = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now()
  await work()
  return (performance.now() - began) / 1000
}

const inSeconds = (what: string, seconds: number, most: number): Figure => {
  say(`${what}: ${seconds.toFixed(1)} s`)
  return { what, value: `${seconds.toFixed(1)} s`, goal: goalOf(`< ${most} s`, seconds < most) }
}

/** Nothing is asked of the system: what it does all the same. */
const atRest = async (watch: Watch, seconds: number): Promise<Figure[]> => {
  await rest(watch)
  const before = await watch()
  await new Promise((wake) => setTimeout(wake, seconds * 1000))
  const after = await watch()
  const per = (later: number, earlier: number) => (later - earlier) / seconds
  const statements = per(after.counters.statements, before.counters.statements)
  const commits = per(after.counters.commits, before.counters.commits)
  const node = per(after.usage.node, before.usage.node) * 100
  const postgres = per(after.usage.postgres, before.usage.postgres) * 100
  const memory = after.usage.rssMb
  say(`at rest: ${statements.toFixed(1)} statements/s, ${commits.toFixed(1)} transactions/s, ${memory.toFixed(0)} MB`)
  return [
    {
      what: 'statements a second',
      value: statements.toFixed(1),
      goal: goalOf('< 20', statements < 20),
    },
    { what: 'transactions a second', value: commits.toFixed(1) },
    { what: 'processor time of Node, of one core', value: `${node.toFixed(1)} %` },
    { what: 'processor time of PostgreSQL, of one core', value: `${postgres.toFixed(1)} %` },
    { what: 'memory without PostgreSQL', value: `${memory.toFixed(0)} MB`, goal: goalOf('< 300 MB', memory < 300) },
  ]
}

/** Until it serves again, whoever died. */
const recovery = async (system: System): Promise<Figure[]> => {
  const admin = await signIn(system.base, system.admin.email, system.admin.password)
  const { skuIds } = await createProduct(admin)
  const buyer = await registerBuyer(system.base)
  await system.kill()
  const killed = await secondsOf(() => system.restart())
  const order = { lines: [{ skuId: skuIds[0], quantity: 1 }], address }
  const place = async () => (await buyer.post('/v1/orders', order).catch(() => undefined))?.status
  must(await buyer.post('/v1/orders', order), 201)
  const crashed = await secondsOf(async () => {
    await crashPostgres(system)
    await until(place, (status) => status === 201, 60_000)
  })
  return [
    inSeconds('process killed and started again, until ready', killed, 5),
    inSeconds('PostgreSQL crashed, until the first order', crashed, 15),
  ]
}

/** Starts a demo shop on nothing, again on what is there, lets it rest, and takes its processes away. */
export const measureStart = async (shape: Shape, restSeconds: number): Promise<{ start: Figure[]; rest: Figure[] }> => {
  await makePagesOld()
  let system: System | undefined
  try {
    const first = await secondsOf(async () => {
      system = await startSystem(shape, { demo: true })
      const { output } = system
      await until(
        async () => output(),
        (text) => text.includes('demo catalog: '),
        120_000,
      )
    })
    await system!.stop()
    const again = await secondsOf(() => system!.restart())
    const counters = await openCounters(await system!.databaseUrl())
    const calm = await atRest(watchOf(system!.child.pid!, counters), restSeconds).finally(() => counters.close())
    return {
      start: [
        inSeconds('first start: database, pages, demo catalog', first, 20),
        inSeconds('start on what is there, until ready', again, 3),
        ...(shape === 'start' ? await recovery(system!) : []),
      ],
      rest: calm,
    }
  } finally {
    await system?.remove()
  }
}
