import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fault } from '@souk/kernel'

export type Armed = {
  point: string
  /**
   * What happens there. `kill`: the process ends as by power loss, once. As long as it is armed, `wait` lets everybody
   * wait and `fail` says UNAVAILABLE to everybody.
   */
  act: 'kill' | 'wait' | 'fail'
  /** Which visit of a process it happens at; the first by default. */
  visit?: number
}

const folderOf = (dataDir: string): string => join(dataDir, 'failpoints')
const armedOf = (dataDir: string): string => join(folderOf(dataDir), 'armed.json')

/** There once the armed point has killed. */
export const markerOf = (dataDir: string, point: string): string => join(folderOf(dataDir), `${point}.struck`)

/** One line `<pid> <point>` per visit, kept when `SOUK_TEST_FAILPOINT_RECORD` is set. */
export const recordOf = (dataDir: string): string => join(folderOf(dataDir), 'visits')

/** From now on all processes of a main of these tests do so at that point, and at no other. */
export const arm = (dataDir: string, armed: Armed): void => {
  mkdirSync(folderOf(dataDir), { recursive: true })
  rmSync(markerOf(dataDir, armed.point), { force: true })
  writeFileSync(`${armedOf(dataDir)}.new`, JSON.stringify(armed))
  renameSync(`${armedOf(dataDir)}.new`, armedOf(dataDir))
}

export const disarm = (dataDir: string): void => rmSync(armedOf(dataDir), { force: true })

const readArmed = (dataDir: string): Armed | undefined => {
  try {
    return JSON.parse(readFileSync(armedOf(dataDir), 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Whether this process is the one that ends: of several replicas the first to write the marker. */
const takes = (marker: string): boolean => {
  try {
    writeFileSync(marker, `${process.pid}\n`, { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

const strike = async ({ act, point }: Armed, dataDir: string): Promise<void> => {
  if (act === 'fail') throw fault('UNAVAILABLE')
  if (act === 'wait') {
    while (readArmed(dataDir)?.point === point) await new Promise((wake) => setTimeout(wake, 50))
    return
  }
  if (!takes(markerOf(dataDir, point))) return
  process.kill(process.pid, 'SIGKILL')
  await new Promise(() => {})
}

/** The failpoint port of a main of these tests. */
export const failpointFrom = (env: NodeJS.ProcessEnv): ((name: string) => Promise<void>) => {
  const dataDir = env.SOUK_DATA_DIR ?? ''
  mkdirSync(folderOf(dataDir), { recursive: true })
  const visits = new Map<string, number>()
  return async (name) => {
    const visit = (visits.get(name) ?? 0) + 1
    visits.set(name, visit)
    if (env.SOUK_TEST_FAILPOINT_RECORD) appendFileSync(recordOf(dataDir), `${process.pid} ${name}\n`)
    const armed = readArmed(dataDir)
    if (armed?.point === name && visit >= (armed.visit ?? 1)) await strike(armed, dataDir)
  }
}
