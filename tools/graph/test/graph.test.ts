import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { callGraph, graphPage, type Neighbours } from '../graph.ts'

const context = (name: string, needs: string[], hears: string[] = []): Neighbours => ({
  name,
  offers: [`${name}.Service`],
  needs,
  hears,
})

describe('call graph', () => {
  test('a synchronous cycle is a problem that names its way', () => {
    const { problems } = callGraph([
      context('order', ['payment.Service']),
      context('payment', ['ledger.Service']),
      context('ledger', ['order.Service']),
    ])
    assert.deepEqual(problems, ['synchronous cycle: order → payment → ledger → order'])
  })
  test('a need that nobody offers is a problem', () => {
    assert.deepEqual(callGraph([context('order', ['gift.Service'])]).problems, [
      'order needs gift.Service, which nobody offers',
    ])
  })
  test('a tree is fine, and the page shows arrows and facts', () => {
    const list = [context('order', ['catalog.Service']), context('catalog', [], ['order.OrderPlaced'])]
    const graph = callGraph(list)
    assert.deepEqual(graph.problems, [])
    const page = graphPage(list, graph)
    assert.match(page, /order --> catalog/)
    assert.match(page, /`order.OrderPlaced` \| catalog/)
  })
})
