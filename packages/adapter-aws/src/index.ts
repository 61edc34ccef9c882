export type { AwsConnection, AwsCredentials } from "./AwsConnection.ts"
export { type AwsSecretsOptions, awsSecrets } from "./AwsSecrets.ts"
export { type KmsKeyRingOptions, kmsKeyRing } from "./KmsKeyRing.ts"
export { ResidencyRefused } from "./residency.ts"
