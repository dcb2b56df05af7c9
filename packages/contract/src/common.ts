// Generated from proto/ by tools/gen. Do not edit.

export { Empty } from './gen/google/protobuf/empty.ts'
export { Money } from './gen/souk/common/v1/money.ts'
export { RawAnswer, Upload } from './gen/souk/common/v1/raw.ts'
