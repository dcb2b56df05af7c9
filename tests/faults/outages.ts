import { until } from '../api.ts'
import { opsOf, type System } from '../system.ts'
import { crashPostgres, cutConnections } from './postgres.ts'
import { pause } from './random.ts'

/** Resolves when the system serves again, without anybody's help. */
export type Fault = (system: System) => Promise<void>

type Probe = '/livez' | '/readyz'

const ask = (ops: string, path: Probe): Promise<number> =>
  fetch(ops + path).then(
    ({ status }) => status,
    () => 0,
  )

/** What each of them answers there; 0 when it does not. */
export const askAll = (system: System, path: Probe): Promise<number[]> =>
  Promise.all(opsOf(system).map((ops) => ask(ops, path)))

/** Resolves when one of them says so; each is asked on its own, for one that is slow to answer hides the others. */
export const someNotReady = async (system: System): Promise<void> => {
  let seen = false
  const said = (status: number): boolean => {
    seen ||= status === 503
    return seen
  }
  await Promise.any(opsOf(system).map((ops) => until(() => ask(ops, '/readyz'), said)))
}

export const ready = (system: System): Promise<unknown> =>
  until(
    () => askAll(system, '/readyz'),
    (statuses) => statuses.every((status) => status === 200),
    90_000,
  )

export const crash: Fault = async (system) => {
  await crashPostgres(system)
  await ready(system)
}

/** Every two seconds. */
export const cut: Fault = async (system) => {
  for (let n = 0; n < 3; n++) {
    await cutConnections(system)
    await pause(2000)
  }
  await ready(system)
}
