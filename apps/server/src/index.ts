export { contexts } from './contexts.ts'
