// Generated from proto/ by tools/gen. Do not edit.

import type {
  DeliverFactsAnswer,
  DeliverFactsRequest,
  PollBroadcastAnswer,
  PollBroadcastRequest,
} from './gen/souk/bus/v1/service.ts'

export {
  DeliverFactsAnswer,
  DeliverFactsRequest,
  Envelope,
  PollBroadcastAnswer,
  PollBroadcastRequest,
} from './gen/souk/bus/v1/service.ts'

export interface BusService<C> {
  /** A consumer takes facts in order; an answer per fact. */
  deliverFacts(request: DeliverFactsRequest, call: C): Promise<DeliverFactsAnswer>
  /** Broadcast facts since a cursor; held up to a second when there are none. */
  pollBroadcast(request: PollBroadcastRequest, call: C): Promise<PollBroadcastAnswer>
}
