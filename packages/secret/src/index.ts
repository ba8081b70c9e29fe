export { Secret, type SecretContext, type SecretInput, type SecretProvider } from './secret.ts'
