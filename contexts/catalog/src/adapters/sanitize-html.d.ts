declare module 'sanitize-html' {
  type Attributes = Record<string, string>
  type Options = {
    allowedTags: string[]
    allowedAttributes: Record<string, string[]>
    allowedSchemes: string[]
    allowProtocolRelative: boolean
    disallowedTagsMode: 'discard'
    enforceHtmlBoundary: boolean
    nestingLimit: number
    transformTags: Record<string, (tag: string, attributes: Attributes) => { tagName: string; attribs: Attributes }>
    exclusiveFilter: (frame: { tag: string; attribs: Attributes }) => boolean
  }
  const sanitize: (html: string, options: Options) => string
  export default sanitize
}
