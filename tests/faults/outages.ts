import { until } from '../api.ts'
import type { System } from '../system.ts'
import { crashPostgres, cutConnections } from './postgres.ts'
import { pause } from './random.ts'

/** Resolves when the system serves again, without anybody's help. */
export type Fault = (system: System) => Promise<void>

export const ready = (system: System): Promise<unknown> =>
  until(async () => (await fetch(`${system.ops}/readyz`).catch(() => undefined))?.ok ?? false, Boolean, 90_000)

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
