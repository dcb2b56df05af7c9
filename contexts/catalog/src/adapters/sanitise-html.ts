const tags =
  `p br hr b strong i em u s sub sup small code pre blockquote h2 h3 h4 ul ol li dl dt dd table thead tbody tr th td
  caption figure figcaption a img`.split(/\s+/)

const heading = (tagName: string) => (_tag: string, attribs: Record<string, string>) => ({ tagName, attribs })

/** Loads the sanitiser. What it lets pass is text with structure, links, and pictures of our own. */
export const loadCleaner = async (): Promise<(html: string) => string> => {
  const { default: sanitize } = await import('sanitize-html')
  return (html) =>
    html === ''
      ? ''
      : sanitize(html, {
          allowedTags: tags,
          allowedAttributes: {
            a: ['href', 'title', 'rel'],
            img: ['src', 'alt', 'width', 'height'],
            th: ['colspan', 'rowspan'],
            td: ['colspan', 'rowspan'],
          },
          allowedSchemes: ['https', 'http', 'mailto'],
          allowProtocolRelative: false,
          disallowedTagsMode: 'discard',
          enforceHtmlBoundary: false,
          nestingLimit: 50,
          transformTags: {
            h1: heading('h2'),
            h5: heading('h4'),
            h6: heading('h4'),
            a: (tagName, attribs) => ({ tagName, attribs: { ...attribs, rel: 'nofollow noopener noreferrer' } }),
          },
          // A page may only load pictures from its own host.
          exclusiveFilter: ({ tag, attribs }) => tag === 'img' && !/^\/media\/[\w.-]+$/.test(attribs.src ?? ''),
        })
}
