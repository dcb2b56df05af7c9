import { newId, systemClock } from '@souk/kernel'
import {
  createHost,
  createMetrics,
  createServiceTokens,
  type Host,
  migrate,
  readConfig,
  silentLog,
  systemCall,
} from '@souk/platform'
import { contexts } from '@souk/server'
import pg from 'pg'
import { gather, type Outcome } from './load.ts'

const inventory = contexts.find(({ name }) => name === 'inventory')!

/** The inventory alone, as order reaches it: typed client, interceptors, batches, relay. On a database of its own. */
const openInventory = async (url: string): Promise<Host> => {
  await migrate(url, [inventory])
  const host = await createHost({
    contexts,
    hosted: ['inventory'],
    configs: { inventory: readConfig(inventory.config, {}) },
    urlOf: () => url,
    targets: {},
    owner: 'bench',
    clock: systemClock,
    log: silentLog,
    metrics: createMetrics(),
    tokens: createServiceTokens('bench', 'inventory'),
    connections: { requests: 16, background: 6 },
    failpoint: async () => {},
  })
  await host.start()
  return host
}

const reserveAll = async (host: Host, options: { callers: number; seconds: number }): Promise<Outcome> => {
  const port = host.client('inventory.InventoryService', 'order')
  const result = gather()
  const began = performance.now()
  const end = began + options.seconds * 1000
  let n = 0
  const caller = async () => {
    while (performance.now() < end) {
      const started = performance.now()
      n++
      const wish = { orderId: newId(), attempt: 1, lines: [{ skuId: 'hot', quantity: 1 }] }
      const asked = { ...wish, expiresInSeconds: 300, replacesOrderId: undefined }
      await port.reserveStock(asked, systemCall('order')).then(
        ({ state }) => result.take(state, performance.now() - started),
        () => result.lose(),
      )
    }
  }
  await Promise.all(Array.from({ length: options.callers }, caller))
  return result.outcome((performance.now() - began) / 1000, n)
}

export type HotSku = {
  /** Callers of this process, each with one reservation under way. */
  reserve(options: { callers: number; seconds: number }): Promise<Outcome>
  /** Pieces held according to the stock row, and according to the holds: the same, or something was sold twice. */
  held(): Promise<{ stock: number; holds: number }>
  url: string
  close(): Promise<void>
}

/** One SKU that everybody wants, at the port of the inventory on the PostgreSQL server of `url`. */
export const openHotSku = async (url: string): Promise<HotSku> => {
  const admin = new pg.Client({ connectionString: url, ssl: false })
  await admin.connect()
  await admin.query('drop database if exists bench_hot')
  await admin.query('create database bench_hot')
  const own = url.replace(/^([^?]*\/)[^/?]*(\?|$)/, '$1bench_hot$2')
  const host = await openInventory(own)
  const lines = [{ skuId: 'hot', quantity: 1e9 }]
  await host
    .client('inventory.StockService', 'catalog')
    .receiveStock({ lines, reference: 'first', reason: '' }, systemCall('catalog'))
  return {
    url: own,
    reserve: (options) => reserveAll(host, options),
    held: async () => {
      const client = new pg.Client({ connectionString: own, ssl: false })
      await client.connect()
      const { rows } = await client.query<{ stock: number; holds: number }>(
        `select (select sum(reserved)::float8 from souk_inventory.stock) as stock,
           (select sum(quantity)::float8 from souk_inventory.hold_line) as holds`,
      )
      await client.end()
      return rows[0]!
    },
    close: async () => {
      await host.drain()
      await admin.query('drop database bench_hot with (force)')
      await admin.end()
    },
  }
}
