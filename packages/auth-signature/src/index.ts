export type { Component } from './components.ts'
export { type MessageSignatureOptions, messageSignature } from './message-signature.ts'
export { type Signer, type SignerOptions, signer } from './signer.ts'
