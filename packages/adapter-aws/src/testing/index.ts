export type {
  AwsEmulator,
  EmulatedFault,
  EmulatedRequest,
  EmulatorOptions,
} from "./AwsEmulator.ts"
export { kmsEmulator } from "./kms/kmsEmulator.ts"
export { emulatorCredentials } from "./requestSignature.ts"
export { type SecretsEmulatorOptions, secretsEmulator } from "./secrets/secretsEmulator.ts"
