import { createPlay, nextDue, possible } from '/work/main/tests/model/activities.ts'
import { furnish, vocabulary } from '/work/main/tests/model/commands.ts'
import { createChecker } from '/work/main/tests/model/invariants.ts'
import { sound } from '/work/main/tests/model/ports.ts'
import { scriptOf } from '/work/main/tests/model/run.ts'
import { createWorld, dbOf, services } from '/work/main/tests/model/world.ts'

const counts = new Map<string, number>()
const add = (k: string, n = 1) => counts.set(k, (counts.get(k) ?? 0) + n)
const N = 500
let steps = 0
for (let run = 0; run < N; run++) {
  const world = createWorld(sound)
  const play = createPlay(world)
  furnish(world)
  const commands = vocabulary(() => steps++)
  for (const text of scriptOf(1, run)) {
    const [w, a, b, c] = text.split(' ')
    commands[w!]!(play, +a!, +b!, +c!)
    steps++
  }
  for (const s of services) world.up[s] = true
  let d = 0
  for (; d < 6000; d++) {
    const l = possible(play)
    if (l.length) {
      l[play.turn++ % l.length]!.run()
      continue
    }
    const n = nextDue(world)
    if (n === undefined) break
    world.clock.advance(n - world.clock.now())
  }
  add('drain steps', d)
  for (const o of world.order.orders.all()) {
    add('order ' + o.status + (o.cancelReason ? ' ' + o.cancelReason : ''))
    for (const e of world.order.timeline.get(o.id)!) add('  event ' + e.event)
  }
  for (const o of world.payment.attempts.all()) add('attempt ' + o.method + ' ' + o.status)
  for (const o of world.payment.refunds.all()) add('refund ' + o.status + ' ' + o.automatic + ' ' + o.purpose)
  for (const p of world.payment.moves.all().flat()) add('  move ' + p)
  for (const o of world.payment.cases.all()) add('case ' + o.kind + ' ' + o.open)
  for (const o of world.inventory.holds.all().flat())
    add('hold ' + o.state + (o.external ? ' ext' : '') + (o.attempt > 1 ? ' again' : ''))
  for (const o of world.fulfillment.shipments.all()) add('shipment ' + o.status)
  for (const s of services) for (const f of dbOf(world, s).outbox) add('fact ' + f.type)
  for (const r of world.requests)
    add(
      'request ' +
        r.route +
        ' ' +
        (r.answers.length ? (r.answers[0]!.startsWith('refused') ? r.answers[0]!.split(' ')[2] : 'ok') : 'no answer'),
    )
  for (const r of world.requests) if (r.answers.length > 1) add('request repeated ' + r.route)
}
console.log('steps', steps / N)
for (const [k, v] of [...counts].sort()) console.log(v, k)
