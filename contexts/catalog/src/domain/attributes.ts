import type { AttributeTemplate } from '@souk/contract/catalog'
import type { Violation } from '@souk/kernel'
import type { Problem } from './problem.ts'
import type { Product } from './product.ts'

/** Templates with blanks around their texts removed. */
export const trimmedTemplates = (templates: readonly AttributeTemplate[]): AttributeTemplate[] =>
  templates.map(({ name, required, values }) => ({
    name: name.trim(),
    required,
    values: values.map((value) => value.trim()),
  }))

/** What is wrong with the templates of a category. */
export const checkTemplates = (templates: readonly AttributeTemplate[]): Violation[] => {
  const names = new Set<string>()
  return templates.flatMap(({ name, values }, place) => {
    const at = `attributes[${place}]`
    const twice = names.has(name)
    names.add(name)
    return [
      ...(name === '' ? [{ field: `${at}.name`, rule: 'required', message: 'must not be blank' }] : []),
      ...(twice ? [{ field: `${at}.name`, rule: 'unique', message: `the attribute ${name} is there twice` }] : []),
      ...(values.some((value) => value === '' || value.length > 1000)
        ? [{ field: `${at}.values`, rule: 'length', message: 'values have 1 to 1,000 characters' }]
        : []),
    ]
  })
}

type Described = Pick<Product, 'attributes' | 'categoryIds'>

/** Another edit, such as of a price, is not held up by what categories ask since. */
export const describedAnew = (before: Described, after: Described): boolean =>
  JSON.stringify([before.attributes, before.categoryIds]) !== JSON.stringify([after.attributes, after.categoryIds])

/** What a product's attributes lack of what its categories ask; attributes that nobody asks for are its own affair. */
export const checkByTemplates = (
  templates: readonly AttributeTemplate[],
  attributes: Readonly<Record<string, string>>,
): Problem[] =>
  templates.flatMap(({ name, required, values }) => {
    const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined
    if (!value) {
      const message = `products of this category say their ${name}`
      return required ? [{ field: 'attributes', rule: 'attribute_missing', message }] : []
    }
    return values.length === 0 || values.includes(value)
      ? []
      : [{ field: 'attributes', rule: 'attribute_unknown', message: `${name} is one of ${values.join(', ')}` }]
  })
