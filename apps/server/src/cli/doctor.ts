import { existsSync } from 'node:fs'
import { access, constants, mkdir, statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { ConfigError, createPool } from '@souk/platform'
import { contexts } from '../contexts.ts'
import { readSettings } from '../process.ts'
import { storefrontDist } from '../web/build.ts'

type Finding = { ok: boolean; what: string; say: string }

const settingsOf = (env: NodeJS.ProcessEnv) =>
  readSettings(
    { SOUK_SANDBOX_SECRET: 'unread', ...env },
    contexts.map(({ name }) => name),
  ).settings

const portFree = (port: number, bind: string): Promise<boolean> =>
  new Promise((done) => {
    const server = createServer()
    server.once('error', () => done(false))
    server.listen(port, bind, () => server.close(() => done(true)))
  })

const databaseAnswers = async (url: string): Promise<Finding> => {
  const pool = createPool({ url, max: 1, name: 'souk doctor' })
  try {
    const { rows } = await pool.query('select version() as v, current_setting($1) as fsync', ['fsync'])
    return {
      ok: rows[0].fsync === 'on',
      what: 'database',
      say: `${String(rows[0].v).split(' on ')[0]}, fsync ${rows[0].fsync}`,
    }
  } catch (error) {
    return { ok: false, what: 'database', say: error instanceof Error ? error.message : String(error) }
  } finally {
    await pool.end()
  }
}

/** `souk doctor`: what of this machine and configuration would keep Souk from running; exit 1 when something does. */
export const doctor = async (env: NodeJS.ProcessEnv): Promise<void> => {
  const findings: Finding[] = [
    { ok: Number(process.versions.node.split('.')[0]) >= 24, what: 'node', say: process.version },
  ]
  try {
    const settings = settingsOf(env)
    findings.push({ ok: true, what: 'configuration', say: 'complete' })
    const dataDir = resolve(settings.dataDir)
    await mkdir(dataDir, { recursive: true })
    const writable = await access(dataDir, constants.W_OK).then(
      () => true,
      () => false,
    )
    const { bavail, bsize } = await statfs(dataDir)
    const free = Math.round((bavail * bsize) / 2 ** 20)
    findings.push({ ok: writable, what: 'data folder', say: `${dataDir}${writable ? '' : ' cannot be written'}` })
    findings.push({ ok: free > 500, what: 'disk', say: `${free} MB free` })
    for (const [what, port, bind] of [
      ['port', settings.port, settings.bind],
      ['operations port', settings.opsPort, settings.opsBind],
    ] as const) {
      const ok = await portFree(port, bind)
      findings.push({ ok, what, say: `${port} ${ok ? 'is free' : 'is taken (by a running Souk?)'}` })
    }
    const running = join(dataDir, 'database.url')
    if (settings.databaseUrl) findings.push(await databaseAnswers(settings.databaseUrl))
    else
      findings.push({
        ok: true,
        what: 'database',
        say: existsSync(running) ? 'embedded, running' : 'embedded, not running',
      })
    findings.push({
      ok: true,
      what: 'storefront',
      say: existsSync(join(storefrontDist, 'index.html')) ? 'built' : 'will be built at the first start',
    })
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    for (const problem of error.problems) findings.push({ ok: false, what: 'configuration', say: problem })
  }
  for (const { ok, what, say } of findings) process.stdout.write(`${ok ? 'ok  ' : 'BAD '} ${what}: ${say}\n`)
  if (findings.some(({ ok }) => !ok)) process.exitCode = 1
}
