import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { contexts } from '@souk/server'
import { type Answer, address, createApi, until } from '../api.ts'
import { membersOf } from '../processes.ts'
import type { System } from '../system.ts'
import { campaign, figure, sayHowToReplay } from './campaign.ts'
import { openModel, type Shot, tally } from './open-model.ts'
import { ready } from './outages.ts'
import { pause } from './random.ts'
import { inShop } from './run.ts'
import { registerPatiently, type Shop } from './shop.ts'

sayHowToReplay()

/** Either process of every service, three times; else one of a few, once. */
const rounds = campaign ? 3 : 1
const perSecond = 25
/** Longer than callers take to come back to a replica that was away. */
const drainDelay = '2s'

const served = ['browse: 200', 'cart: 201', 'me: 200', 'orders: 200', 'place: 201']

/** Politely ends one process and waits until the supervisor's new one is ready. */
const restart = async (system: System, { name, pid }: { name: string; pid: number }): Promise<void> => {
  process.kill(pid, 'SIGTERM')
  await until(
    async () => membersOf(system).filter((one) => one.name === name && one.pid !== pid).length,
    (others) => others === 2,
    60_000,
  )
  await ready(system)
}

/** Everyday traffic that is not sent again, whatever comes back, until `over`. */
const traffic = async (system: System, shop: Shop, over: () => boolean): Promise<Shot<Answer>[]> => {
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
  const shots: Shot<Answer>[] = []
  for (let second = 0; !over(); second++)
    shots.push(...(await openModel({ perSecond, seconds: 1 }, (n) => send(second * perSecond + n))))
  return shots
}

describe('rolling restart', { skip: process.platform === 'win32' && 'signals are not polite there' }, () => {
  const names = campaign ? [...contexts.map(({ name }) => name), 'gateway'] : ['order', 'inventory', 'gateway']
  const options = {
    args: ['--replicas', names.map((name) => `${name}=2`).join(',')],
    env: { SOUK_DRAIN_DELAY: drainDelay },
  }

  const chosen = async (system: System) => {
    const all = membersOf(system)
    return campaign ? all : names.map((name) => all.find((one) => one.name === name)!)
  }

  test(`processes in turn, ${rounds}x, under load: no request fails`, () =>
    inShop('start-services', options, async (shop, system) => {
      let over = false
      const going = traffic(system, shop, () => over)
      await pause(2000)
      for (let round = 0; round < rounds; round++) for (const one of await chosen(system)) await restart(system, one)
      over = true
      const shots = await going
      const counts = tally(shots)
      figure(`rolling restart of ${rounds * names.length * (campaign ? 2 : 1)} processes: ${JSON.stringify(counts)}`)
      assert.deepEqual(Object.keys(counts).sort(), served)
    }))
})
