import { mutants } from './mutants.ts'
import { sound } from './ports.ts'
import { playScript, scriptOf, shrink } from './run.ts'

for (const m of mutants) {
  const ports = { ...sound, ...m.ports }
  const t = performance.now()
  let run = 0,
    f
  for (; run < 5000; run++) {
    try {
      f = playScript(scriptOf(1, run), ports)
    } catch (e) {
      console.log('THROWS', (e as any).cause ?? e)
      break
    }
    if (f) break
  }
  const ms = performance.now() - t
  const sh = f ? shrink(scriptOf(1, run), f.id, ports) : []
  console.log(m.says, '=>', run, ms | 0, 'ms', f?.id, playScript(sh, ports)?.says.slice(0, 200), sh.length)
}
