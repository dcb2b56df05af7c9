import { Metadata, Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData, status } from '@grpc/grpc-js'
import { definitions } from '@souk/contract/grpc'
import { services } from '@souk/contract/services'
import { Fault, fault } from '@souk/kernel'
import type { ServiceTokens } from '../auth/service-token.ts'
import type { ServiceName } from '../context.ts'
import type { Transport } from './clients.ts'
import { validateMessage } from './validate.ts'
import { callKey, faultKey, packFault, tokenKey, unpackCall } from './wire.ts'

export type GrpcServer = { port: number; drain(graceMs: number): Promise<void> }

type Options = {
  services: readonly ServiceName[]
  /** Contexts of this process: a token for any of them opens the bus. */
  callees: readonly string[]
  /** Reaches the services of this process. */
  transport: Transport
  tokens: ServiceTokens
  /** `host:port`; port 0 takes a free one. */
  bind: string
}

const callerOf = async (
  tokens: ServiceTokens,
  token: string,
  audiences: readonly string[],
): Promise<string | undefined> => {
  for (const audience of audiences) {
    const caller = await tokens.verify(token, audience)
    if (caller) return caller
  }
  return undefined
}

const answerFault = (error: unknown, send: sendUnaryData<unknown>): void => {
  const known = error instanceof Fault ? error : fault('INTERNAL', {}, error)
  const metadata = new Metadata()
  metadata.set(faultKey, packFault(known))
  send({ code: status.ABORTED, details: known.code, metadata })
}

/**
 * Serves this process's contexts to the others. Nobody without a service token for the callee gets in; requests pass
 * the contract's validation and then the same interceptors as direct calls.
 */
export const startGrpcServer = async ({
  services: names,
  callees,
  transport,
  tokens,
  bind,
}: Options): Promise<GrpcServer> => {
  const server = new Server({ 'grpc.max_receive_message_length': 32 << 20 })
  for (const service of names) {
    const audiences = service === 'bus.BusService' ? callees : [service.slice(0, service.indexOf('.'))]
    const handlers = Object.fromEntries(
      Object.entries(services[service].methods).map(([method, { entry }]) => [
        method,
        (incoming: ServerUnaryCall<unknown, unknown>, send: sendUnaryData<unknown>) => {
          const run = async () => {
            const [token] = incoming.metadata.get(tokenKey)
            const caller = typeof token === 'string' ? await callerOf(tokens, token, audiences) : undefined
            if (!caller) throw fault('UNAUTHENTICATED')
            const [packed] = incoming.metadata.get(callKey)
            if (typeof packed !== 'string') throw fault('UNAUTHENTICATED')
            const call = unpackCall(packed)
            validateMessage(entry.request, incoming.request)
            const handler = transport(service, method)
            if (!handler) throw fault('UNAVAILABLE', { service })
            // Without a caller the gateway speaks for the buyer alone; everybody else speaks as a service.
            const asService = call.caller !== undefined || caller !== 'gateway'
            return handler(incoming.request, { ...call, caller: asService ? caller : undefined })
          }
          run().then(
            (answer) => send(null, answer),
            (error) => answerFault(error, send),
          )
        },
      ]),
    )
    server.addService(definitions[service], handlers)
  }
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync(bind, ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  )
  return {
    port,
    drain: (graceMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => {
          server.forceShutdown()
          resolve()
        }, graceMs)
        server.tryShutdown(() => {
          clearTimeout(timer)
          resolve()
        })
      }),
  }
}
