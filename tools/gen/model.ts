/** What the contract says, as plain data. Every output is a pure function of this. */
export type Model = {
  /** Sorted by name. */
  contexts: Context[]
  /** By full name, e.g. `souk.order.v1.Order`. */
  messages: Map<string, Message>
  enums: Map<string, EnumType>
  methods: Method[]
  facts: Fact[]
  errors: ErrorDeclaration[]
  permissions: Permission[]
  rates: RateClass[]
}

export type Context = {
  name: string
  /** Comment above the package's service file, if any. */
  comment: string
  messages: Message[]
  enums: EnumType[]
  services: Service[]
}

export type Message = {
  fullName: string
  /** Name in schemas and tables, e.g. `order.Order`. */
  name: string
  /** Name of the generated TypeScript type, e.g. `Order`, `LineProblem_Detail`. */
  typeName: string
  context: string
  /** Generated module that declares it, e.g. `souk/order/v1/types.ts`. */
  module: string
  comment: string
  fields: Field[]
  oneofs: string[]
  exactlyOne: string[]
  atLeastOne: string[]
  fact: FactRules | undefined
  /** True for a message that only holds an enum. */
  wrapper: boolean
}

export type FactRules = { aggregateId: string; edgeTags: string[]; says: string; broadcast: boolean }

export type Scalar = 'string' | 'bool' | 'bytes' | 'int32' | 'uint32' | 'int64' | 'uint64' | 'double'

export type FieldType =
  | { kind: 'scalar'; scalar: Scalar }
  | { kind: 'enum'; enumName: string }
  | { kind: 'message'; messageName: string }
  | { kind: 'timestamp' }

export type Field = {
  /** Proto name, snake_case. */
  name: string
  /** JSON and TypeScript name, lowerCamelCase. */
  json: string
  comment: string
  type: FieldType
  shape: 'single' | 'list' | 'map'
  /** Declared `optional`. */
  optional: boolean
  rules: FieldRules
}

export type FieldRules = {
  required: boolean
  minLength: number
  maxLength: number
  pattern: string
  min: number | undefined
  max: number | undefined
  minItems: number
  maxItems: number
  format: string
  mask: MaskKind | undefined
  clearable: boolean
  digits: boolean
  internal: boolean
  uniqueItems: boolean
  oneOf: string[]
}

export type MaskKind = 'SECRET' | 'EMAIL' | 'PHONE' | 'PERSON'

export type EnumType = {
  fullName: string
  typeName: string
  context: string
  module: string
  /** Name of the wrapper message; undefined for an enum that stands alone. */
  wrapper: string | undefined
  comment: string
  /** Without the zero value. */
  words: string[]
  zero: string
  /** True when its values declare errors, permissions or rate classes: those have files of their own. */
  table: boolean
}

export type Service = { fullName: string; name: string; typeName: string; comment: string; methods: Method[] }

export type Method = {
  /** e.g. `order.OrderService/PlaceOrder`. */
  name: string
  context: string
  service: string
  fullService: string
  rpc: string
  method: string
  comment: string
  request: Message
  response: Message
  streaming: boolean
  /** Undefined when the annotation is missing. */
  rules: MethodRules | undefined
  http: HttpRule | undefined
}

export type HttpRule = { verb: string; path: string; body: string; additional: number }

export type Access = 'UNSPECIFIED' | 'PUBLIC' | 'SIGNED_IN' | 'PERMISSION' | 'SERVICE'

export type HeaderField = { header: string; field: string }

export type MethodRules = {
  access: Access
  permission: string
  owner: boolean
  stepUp: boolean
  idempotent: boolean
  rateClass: string
  audit: string
  maxBody: number
  body: 'JSON' | 'RAW' | 'STREAM' | 'MULTIPART'
  successStatus: number
  headers: HeaderField[]
  responseHeaders: HeaderField[]
  aliases: { verb: string; path: string }[]
  session: 'ISSUES' | 'RENEWS' | 'ENDS' | undefined
  cache: { ttlMs: number; tags: string[] } | undefined
  shedAbove: number
  deadlineMs: number
}

export type Fact = FactRules & { name: string; message: Message }
export type ErrorDeclaration = {
  code: string
  status: number
  en: string
  zh: string
  context: string
  declaredIn: string
}
export type Permission = { word: string; roles: string[]; says: string }
export type RateClass = { word: string; perMinute: number; burst: number }

/** Says what is wrong with the contract, naming the place. */
export class ContractError extends Error {
  override name = 'ContractError'
}

/** `souk.order.v1` → `order`; google's own packages → `google`. */
export function contextName(packageName: string): string {
  return packageName.split('.')[packageName.startsWith('souk.') ? 1 : 0] as string
}
