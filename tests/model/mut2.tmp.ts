import { mutants } from './mutants.ts'
import { sound } from './ports.ts'
import { playScript, scriptOf, shrink } from './run.ts'

const m = mutants.find((x) => x.says.startsWith(process.argv[2]!))!
const ports = { ...sound, ...m.ports }
for (let run = 0; run < 300; run++) {
  const f = playScript(scriptOf(1, run), ports)
  if (f) {
    const s = shrink(scriptOf(1, run), f.id, ports)
    console.log(run, f, playScript(s, ports), JSON.stringify(s))
    if (run > 100) break
  }
}
