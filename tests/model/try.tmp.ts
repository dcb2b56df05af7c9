import { playScript, scriptOf, shrink } from '/work/main/tests/model/run.ts'

const [from = '0', count = '200', seed = '1'] = process.argv.slice(2)
const t = performance.now()
const found = new Map<string, number[]>()
for (let run = Number(from); run < Number(from) + Number(count); run++) {
  const s = scriptOf(Number(seed), run)
  const f = playScript(s)
  if (f) {
    const k = f.says
      .replace(/[0-9a-f-]{36}/g, 'ID')
      .replace(/evt_ID/, '')
      .replace(/\d+/g, 'N')
      .slice(0, 100)
    if (!found.has(k)) {
      const sh = shrink(s, f.id)
      console.log(run, f.says.slice(0, 400), '|||', playScript(sh)?.says.slice(0, 400), JSON.stringify(sh))
    }
    found.set(k, [...(found.get(k) ?? []), run])
  }
}
console.log((performance.now() - t) / Number(count), 'ms/run')
for (const [k, v] of found) console.log(v.length, k, v.slice(0, 10).join())
