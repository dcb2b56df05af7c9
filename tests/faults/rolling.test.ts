import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { describe, test } from 'node:test'
import { promisify } from 'node:util'
import { contexts } from '@souk/server'
import { address, createApi, until } from '../api.ts'
import { type System, startSystem } from '../system.ts'
import { openModel, type Shot, tally } from './open-model.ts'
import { pause } from './random.ts'
import { report } from './report.ts'
import { settled } from './settle.ts'
import { openShop, registerPatiently, type Shop } from './shop.ts'
import { assertKept } from './verify.ts'

const rounds = process.env.SOUK_CAMPAIGN === '1' ? 3 : 1
const perSecond = 25
const run = promisify(execFile)

/** The processes below the supervisor, by what they host. */
const processesOf = async ({ child }: System): Promise<{ name: string; pid: number }[]> => {
  const { stdout } = await run('ps', ['-eo', 'pid=,ppid=,args='])
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, name] = /^\s*(\d+)\s+(\d+)\s.* serve (\w+)$/.exec(line) ?? []
    return name && Number(parent) === child.pid ? [{ name, pid: Number(pid) }] : []
  })
}

const allReady = async ({ members }: System): Promise<boolean> =>
  (
    await Promise.all(
      members.map(({ ops }) =>
        fetch(`${ops}/readyz`).then(
          (answer) => answer.ok,
          () => false,
        ),
      ),
    )
  ).every(Boolean)

/** Politely ends one process and waits until the supervisor's new one is ready. */
const restart = async (system: System, { name, pid }: { name: string; pid: number }): Promise<void> => {
  process.kill(pid, 'SIGTERM')
  await until(
    async () => (await processesOf(system)).filter((one) => one.name === name && one.pid !== pid).length,
    (others) => others === 2,
    60_000,
  )
  await until(() => allReady(system), Boolean, 60_000)
}

/** Everyday traffic that is not sent again, whatever comes back, until `over`. */
const traffic = async (system: System, shop: Shop, over: () => boolean): Promise<Shot[]> => {
  const buyers = await Promise.all(Array.from({ length: 10 }, () => registerPatiently(shop)))
  const [skuId] = shop.skuIds
  const send = (n: number) => {
    const buyer = buyers[n % buyers.length]!
    const kinds = [
      { says: 'browse', answer: () => createApi(system.base).get(`/v1/products?q=thing${n}`) },
      { says: 'place', answer: () => buyer.once('/v1/orders', { lines: [{ skuId, quantity: 1 }], address }) },
      { says: 'cart', answer: () => buyer.once('/v1/cart/items', { skuId, quantity: 1 }) },
      { says: 'orders', answer: () => buyer.api.get('/v1/orders') },
      { says: 'me', answer: () => buyer.api.get('/v1/me') },
    ]
    const { says, answer } = kinds[n % kinds.length]!
    return { says, answer: answer() }
  }
  const shots: Shot[] = []
  for (let second = 0; !over(); second++)
    shots.push(...(await openModel({ perSecond, seconds: 1 }, (n) => send(second * perSecond + n))))
  return shots
}

describe('rolling restart', { skip: process.platform === 'win32' && 'signals are not polite there' }, () => {
  test(`each process of two of each in turn, ${rounds}x, under load: no request fails`, async () => {
    const names = [...contexts.map(({ name }) => name), 'gateway']
    const replicas = names.map((name) => `${name}=2`).join(',')
    const system = await startSystem('start-services', { args: ['--replicas', replicas] })
    try {
      const shop = await openShop(system)
      let over = false
      const going = traffic(system, shop, () => over)
      await pause(2000)
      for (let round = 0; round < rounds; round++)
        for (const one of await processesOf(system)) await restart(system, one)
      over = true
      const shots = await going
      const counts = tally(shots)
      console.log(counts)
      assert.deepEqual(Object.keys(counts).sort(), ['browse: 200', 'cart: 201', 'me: 200', 'orders: 200', 'place: 201'])
      await settled(system)
      await assertKept(shop)
    } catch (error) {
      report(system)
      throw error
    } finally {
      await system.remove()
    }
  })
})
