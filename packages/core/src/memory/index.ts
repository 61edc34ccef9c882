export {
  type KeyRingFault,
  type KeyRingOperation,
  type MemoryKeyRing,
  memoryKeyRing,
  memoryKeyRingWith,
} from "./keyRing.ts"
export { memoryHost, memoryPorts } from "./memoryPorts.ts"
export { type RecordingNotifier, recordingNotifier } from "./notifier.ts"
export { type PlaceholderChannel, placeholderChannel } from "./placeholderChannel.ts"
export { secretStore } from "./secretStore.ts"
export { storeDriver } from "./storeDriver.ts"
