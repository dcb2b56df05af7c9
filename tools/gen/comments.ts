import type { DescEnum, DescField, DescFile, DescMessage, DescMethod, DescService } from '@bufbuild/protobuf'

type Commented = DescService | DescMethod | DescMessage | DescField | DescEnum

// Field numbers inside FileDescriptorProto, DescriptorProto and ServiceDescriptorProto: what source locations are made of.
const inFile = { message: 4, enum: 5, service: 6 }
const inMessage = { field: 2, message: 3, enum: 4 }
const inService = { method: 2 }

const byFile = new WeakMap<DescFile, Map<string, string>>()

/** The comment directly above a declaration in the .proto file, lines joined as written; empty when there is none. */
export function commentOf(element: Commented): string {
  const file = element.kind === 'field' || element.kind === 'rpc' ? element.parent.file : element.file
  return leadingComments(file).get(path(element).join('.')) ?? ''
}

function leadingComments(file: DescFile): Map<string, string> {
  const known = byFile.get(file)
  if (known) return known
  const found = new Map<string, string>()
  for (const location of file.proto.sourceCodeInfo?.location ?? []) {
    const text = location.leadingComments.split('\n').map((line) => line.trim())
    if (location.leadingComments) found.set(location.path.join('.'), text.join('\n').trim())
  }
  byFile.set(file, found)
  return found
}

function path(element: Commented): number[] {
  switch (element.kind) {
    case 'service':
      return [inFile.service, element.file.services.indexOf(element)]
    case 'rpc':
      return [...path(element.parent), inService.method, element.parent.methods.indexOf(element)]
    case 'field':
      return [...path(element.parent), inMessage.field, element.parent.fields.indexOf(element)]
    case 'message':
      if (!element.parent) return [inFile.message, element.file.messages.indexOf(element)]
      return [...path(element.parent), inMessage.message, element.parent.nestedMessages.indexOf(element)]
    case 'enum':
      if (!element.parent) return [inFile.enum, element.file.enums.indexOf(element)]
      return [...path(element.parent), inMessage.enum, element.parent.nestedEnums.indexOf(element)]
  }
}
