import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js'
import { services } from '@souk/contract/services'
import { fault } from '@souk/kernel'
import type { ServiceTokens } from '../auth/service-token.ts'
import type { Transport } from './clients.ts'
import type { Handler } from './dispatch.ts'
import { callKey, faultKey, packCall, tokenKey, unavailable, unpackFault } from './wire.ts'

export type GrpcTransport = { transport: Transport; close(): void }

const options = {
  'grpc.max_receive_message_length': 32 << 20,
  'grpc.initial_reconnect_backoff_ms': 50,
  'grpc.max_reconnect_backoff_ms': 1000,
  'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
  'grpc.enable_retries': 1,
}

const toFault = (service: string, error: ServiceError): Error => {
  const [packed] = error.metadata?.get(faultKey) ?? []
  if (Buffer.isBuffer(packed)) return unpackFault(packed)
  if (error.code === status.DEADLINE_EXCEEDED) return fault('DEADLINE_EXCEEDED', { service }, error)
  return unavailable(service, error)
}

/** Calls the context behind `target` (`ipv4:host:port[,host:port]` or a DNS name) over gRPC, spread over its replicas. */
export const grpcTransport = (context: string, target: string, tokens: ServiceTokens): GrpcTransport => {
  const client = new Client(target, credentials.createInsecure(), options)
  const transport: Transport = (service, method) => {
    const definition = services[service].methods[method]
    if (!definition) return undefined
    const { path, request: input, response: output } = definition
    const serialize = (message: unknown) => Buffer.from(input.encode(input.fromPartial(message as never)).finish())
    const deserialize = (bytes: Buffer) => output.decode(bytes)
    const handler: Handler = async (message, call) => {
      const metadata = new Metadata()
      metadata.set(callKey, packCall(call))
      metadata.set(tokenKey, await tokens.issue(context))
      return new Promise((resolve, reject) => {
        client.makeUnaryRequest(
          path,
          serialize,
          deserialize,
          message,
          metadata,
          { deadline: call.deadline },
          (error, answer) => (error ? reject(toFault(service, error)) : resolve(answer)),
        )
      })
    }
    return handler
  }
  return { transport, close: () => client.close() }
}
