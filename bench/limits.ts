import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { closedLoad, type Outcome } from './load.ts'

const server = fileURLToPath(new URL('bare-server.ts', import.meta.url))

/** A bare server on the given bytes in a process of its own, loaded like the system. */
export const bareServer = async (
  kind: 'http' | 'fastify',
  body: string,
  options: { clients: number; seconds: number },
): Promise<Outcome> => {
  const child = spawn(process.execPath, [server, kind], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(body)
  const port = await new Promise<number>((resolve) => child.stdout.once('data', (text) => resolve(Number(text))))
  try {
    const work = (lane: Parameters<Parameters<typeof closedLoad>[0]['work']>[0]) =>
      lane.send({ verb: 'GET', path: '/' })
    await closedLoad({ port, clients: options.clients, seconds: 1, work })
    return await closedLoad({ port, ...options, work })
  } finally {
    child.kill('SIGKILL')
  }
}

/** Transactions a second of the TPC-B-like mix (scale 10) over `clients` connections: what this disk and these cores give. */
export const tpcB = async (url: string, options: { clients: number; seconds: number }): Promise<number> => {
  const admin = new pg.Client({ connectionString: url, ssl: false })
  await admin.connect()
  await admin.query(`drop schema if exists tpcb cascade; create schema tpcb;
    create table tpcb.branches (bid int primary key, balance int not null) with (fillfactor = 10);
    create table tpcb.tellers (tid int primary key, bid int, balance int not null) with (fillfactor = 10);
    create table tpcb.accounts (aid int primary key, bid int, balance int not null) with (fillfactor = 80);
    create table tpcb.history (tid int, bid int, aid int, delta int, at timestamptz default now());
    insert into tpcb.branches select i, 0 from generate_series(1, 10) i;
    insert into tpcb.tellers select i, i % 10 + 1, 0 from generate_series(1, 100) i;
    insert into tpcb.accounts select i, i % 10 + 1, 0 from generate_series(1, 100000) i;
    create function tpcb.go(a int, t int, b int, d int) returns int language sql as $$
      update tpcb.accounts set balance = balance + d where aid = a;
      update tpcb.tellers set balance = balance + d where tid = t;
      update tpcb.branches set balance = balance + d where bid = b;
      insert into tpcb.history (tid, bid, aid, delta) values (t, b, a, d);
      select balance from tpcb.accounts where aid = a $$`)
  let done = 0
  const end = performance.now() + options.seconds * 1000
  await Promise.all(
    Array.from({ length: options.clients }, async () => {
      const client = new pg.Client({ connectionString: url, ssl: false })
      await client.connect()
      const any = (most: number) => 1 + Math.floor(Math.random() * most)
      while (performance.now() < end) {
        await client.query({
          name: 'go',
          text: 'select tpcb.go($1, $2, $3, $4)',
          values: [any(100_000), any(100), any(10), any(1000)],
        })
        done++
      }
      await client.end()
    }),
  )
  await admin.query('drop schema tpcb cascade')
  await admin.end()
  return done / options.seconds
}

/** Transactions a second that each change the same row, over `clients` connections: what one hot row gives by itself. */
export const oneRow = async (url: string, options: { clients: number; seconds: number }): Promise<number> => {
  const clients = await Promise.all(
    Array.from({ length: options.clients + 1 }, async () => {
      const client = new pg.Client({ connectionString: url, ssl: false })
      await client.connect()
      return client
    }),
  )
  const admin = clients.pop()!
  await admin.query(`drop schema if exists hot cascade; create schema hot;
    create table hot.counter (id int primary key, n int not null) with (fillfactor = 10); insert into hot.counter values (1, 0)`)
  const end = performance.now() + options.seconds * 1000
  await Promise.all(
    clients.map(async (client) => {
      while (performance.now() < end)
        await client.query({ name: 'hot', text: 'update hot.counter set n = n + 1 where id = 1' })
      await client.end()
    }),
  )
  const { rows } = await admin.query<{ n: number }>('select n from hot.counter')
  await admin.query('drop schema hot cascade')
  await admin.end()
  return rows[0]!.n / options.seconds
}
