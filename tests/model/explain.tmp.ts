import { createPlay, nextDue, possible } from './activities.ts'
import { furnish, vocabulary } from './commands.ts'
import { sound } from './ports.ts'
import { createWorld, dbOf, services } from './world.ts'

const script: string[] = JSON.parse(process.argv[2]!)
const world = createWorld(sound)
const play = createPlay(world)
furnish(world)
const dump = () => {
  for (const s of services)
    for (const id of dbOf(world, s).timers.changed()) {
    }
  for (const id of world.payment.moves.changed())
    console.log(
      '   moves',
      id.slice(-3),
      world.payment.moves.get(id)!.at(-1),
      JSON.stringify(world.payment.attempts.get(id) ?? world.payment.refunds.get(id)),
    )
  for (const id of world.payment.cases.changed()) console.log('   case', id, world.payment.cases.get(id)?.open)
  for (const id of world.psp.charges.changed()) console.log('   charge', JSON.stringify(world.psp.charges.get(id)))
  for (const id of world.psp.refunds.changed()) console.log('   psp refund', JSON.stringify(world.psp.refunds.get(id)))
  for (const id of world.psp.book.changed()) console.log('   book', JSON.stringify(world.psp.book.get(id)))
  for (const id of world.payment.standings.changed())
    console.log('   standing', JSON.stringify(world.payment.standings.get(id)))
  for (const id of world.order.orders.changed())
    console.log(
      '   order',
      id.slice(-3),
      world.order.orders.get(id)!.status,
      world.order.orders.get(id)!.openPaymentId?.slice(-3),
      world.order.timeline.get(id)!.at(-1)!.event,
    )
}
const commands = vocabulary(dump)
const t0 = world.clock.now()
for (const text of script) {
  const [w, a, b, c] = text.split(' ')
  console.log('>>', text, (world.clock.now() - t0) / 1000)
  commands[w!]!(play, +a!, +b!, +c!)
  dump()
}
for (const s of services) world.up[s] = true
console.log('drain')
world.psp.db.tx(() => {
  for (const charge of world.psp.charges.all())
    world.psp.charges.put(charge.paymentId, { ...charge, refundOutcome: 'SUCCESS' })
  for (const { refundId, status } of world.psp.refunds.all())
    if (status === 'PENDING')
      world.psp.db.schedule({ kind: 'psp.refund', aggregateId: refundId, dueAt: world.clock.now() })
})
for (let d = 0; d < 400; d++) {
  const l = possible(play)
  if (l.length) {
    const x = l[play.turn++ % l.length]!
    if (!/hears/.test(x.name)) console.log('-', x.name, (world.clock.now() - t0) / 1000)
    x.run()
    dump()
    continue
  }
  const n = nextDue(world)
  if (n === undefined) break
  world.clock.advance(n - world.clock.now())
}
