import { appendFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fault } from '@souk/kernel'

/**
 * What happens at a named point. `kill`: the process ends as by power loss. `throw`: the verb fails there, as by a bug.
 * Both once per data folder. While its gate is shut, `wait` lets everybody wait and `fail` says UNAVAILABLE to everybody.
 */
export type Act = 'kill' | 'throw' | 'wait' | 'fail'

export type Armed = {
  point: string
  act?: Act
  /** Which visit of the process it happens at; the first by default. Means nothing where there is a gate. */
  visit?: number
}

const folderOf = (dataDir: string): string => join(dataDir, 'failpoints')

/** There once the armed point has struck. */
export const markerOf = (dataDir: string, point: string): string => join(folderOf(dataDir), `${point}.struck`)

const gateOf = (dataDir: string, point: string): string => join(folderOf(dataDir), `${point}.shut`)

/** From now on everybody meets the act of the point, in a system that is armed with it. */
export const shut = (dataDir: string, point: string): void => writeFileSync(gateOf(dataDir, point), '')
export const open = (dataDir: string, point: string): void => rmSync(gateOf(dataDir, point), { force: true })

/** One line `<pid> <point>` per visit, kept when `SOUK_TEST_FAILPOINT_RECORD` is set. */
export const recordOf = (dataDir: string): string => join(folderOf(dataDir), 'visits')

/** The environment that arms a main of these tests. */
export const armedWith = ({ point, act = 'kill', visit = 1 }: Armed): Record<string, string> => ({
  SOUK_TEST_FAILPOINT: point,
  SOUK_TEST_FAILPOINT_ACT: act,
  SOUK_TEST_FAILPOINT_VISIT: String(visit),
})

/** Whether this process is the one that strikes: of several replicas the first to write the marker. */
const takes = (marker: string): boolean => {
  try {
    writeFileSync(marker, `${process.pid}\n`, { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

const strike = async (act: Act, marker: string, gate: string): Promise<void> => {
  if (act === 'wait') {
    while (existsSync(gate)) await new Promise((wake) => setTimeout(wake, 50))
    return
  }
  if (act === 'fail') {
    if (existsSync(gate)) throw fault('UNAVAILABLE')
    return
  }
  if (!takes(marker)) return
  if (act === 'throw') throw new Error('a failpoint of the tests')
  process.kill(process.pid, 'SIGKILL')
  await new Promise(() => {})
}

/** The failpoint port as the environment wants it. */
export const failpointFrom = (env: NodeJS.ProcessEnv): ((name: string) => Promise<void>) => {
  const point = env.SOUK_TEST_FAILPOINT
  const act = (env.SOUK_TEST_FAILPOINT_ACT ?? 'kill') as Act
  const visit = Number(env.SOUK_TEST_FAILPOINT_VISIT ?? 1)
  const dataDir = env.SOUK_DATA_DIR ?? ''
  mkdirSync(folderOf(dataDir), { recursive: true })
  let visits = 0
  return async (name) => {
    if (env.SOUK_TEST_FAILPOINT_RECORD) appendFileSync(recordOf(dataDir), `${process.pid} ${name}\n`)
    if (name !== point) return
    visits++
    if (act === 'wait' || act === 'fail' || visits >= visit)
      await strike(act, markerOf(dataDir, name), gateOf(dataDir, name))
  }
}
