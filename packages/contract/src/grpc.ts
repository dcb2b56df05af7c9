// Generated from proto/ by tools/gen. Do not edit.

import { type ServiceMethod, type ServiceName, services } from './services.ts'

/** The shape that grpc-js calls MethodDefinition. */
export type GrpcMethod = {
  path: string
  originalName: string
  requestStream: false
  responseStream: false
  requestSerialize(message: unknown): Buffer
  requestDeserialize(bytes: Buffer): unknown
  responseSerialize(message: unknown): Buffer
  responseDeserialize(bytes: Buffer): unknown
}

export type GrpcService = Record<string, GrpcMethod>

export const definitions = Object.fromEntries(
  Object.entries(services).map(([name, { methods }]) => [
    name,
    Object.fromEntries(Object.entries(methods).map(([method, entry]) => [method, definition(method, entry)])),
  ]),
) as Record<ServiceName, GrpcService>

function definition(originalName: string, { path, request, response }: ServiceMethod): GrpcMethod {
  return {
    path,
    originalName,
    requestStream: false,
    responseStream: false,
    requestSerialize: (message) => asBuffer(request.encode(message).finish()),
    requestDeserialize: (bytes) => request.decode(bytes),
    responseSerialize: (message) => asBuffer(response.encode(message).finish()),
    responseDeserialize: (bytes) => response.decode(bytes),
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
