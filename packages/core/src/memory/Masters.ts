import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from "node:crypto"
import type { KeyContext, Signature, WrappedKey } from "../privacy/index.ts"

interface Master {
  readonly name: string
  readonly wrapping: KeyObject
  readonly signing: KeyObject
}

const CIPHER = "aes-256-gcm"
const IV_AT = 4
const BODY_AT = 16
const TAG_BYTES = 16

/**
 * The master keys of the memory ring, the present one last. A wrapped key is `number of the master, 4 | iv, 12 |
 * ciphertext, 32 | tag, 16`, and its context is authenticated with it.
 */
export class Masters {
  private readonly seed: KeyObject
  private readonly masters: Array<Master> = []

  constructor(seed: Uint8Array) {
    this.seed = createSecretKey(seed)
    this.rotate()
  }

  rotate(): void {
    const number = this.masters.length + 1
    const derive = (use: string) =>
      createSecretKey(createHmac("sha256", this.seed).update(`${use}/${number}`).digest())
    this.masters.push({
      name: `memory-${number}`,
      wrapping: derive("wrap"),
      signing: derive("sign"),
    })
  }

  wrap(context: KeyContext, plain: Uint8Array): WrappedKey {
    const head = Buffer.alloc(BODY_AT)
    head.writeUInt32BE(this.masters.length)
    randomBytes(BODY_AT - IV_AT).copy(head, IV_AT)
    const cipher = createCipheriv(CIPHER, this.present().wrapping, head.subarray(IV_AT), {
      authTagLength: TAG_BYTES,
    })
    cipher.setAAD(boundTo(head, context))
    const body = Buffer.concat([head, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
    return body.toString("base64") as WrappedKey
  }

  /** The plain key; nothing for one of another context or ring, or one that is damaged. */
  unwrap(context: KeyContext, wrapped: WrappedKey): Uint8Array | undefined {
    const bytes = Buffer.from(wrapped, "base64")
    if (bytes.length < BODY_AT + TAG_BYTES || bytes.toString("base64") !== wrapped) return undefined
    const head = bytes.subarray(0, BODY_AT)
    const master = this.masters[head.readUInt32BE() - 1]
    if (master === undefined) return undefined
    const tagAt = bytes.length - TAG_BYTES
    const decipher = createDecipheriv(CIPHER, master.wrapping, head.subarray(IV_AT), {
      authTagLength: TAG_BYTES,
    })
    decipher.setAAD(boundTo(head, context))
    decipher.setAuthTag(bytes.subarray(tagAt))
    const plain = decipher.update(bytes.subarray(BODY_AT, tagAt))
    try {
      decipher.final()
      return plain
    } catch {
      return undefined
    }
  }

  sign(digest: Uint8Array): Signature {
    const { name, signing } = this.present()
    return { key: name, value: createHmac("sha256", signing).update(digest).digest("base64") }
  }

  verify(digest: Uint8Array, { key, value }: Signature): boolean {
    const master = this.masters.find(({ name }) => name === key)
    if (master === undefined) return false
    const made = createHmac("sha256", master.signing).update(digest).digest()
    const given = Buffer.from(value, "base64")
    // One text for a signature: what only decodes to it is not it.
    if (given.length !== made.length || given.toString("base64") !== value) return false
    return timingSafeEqual(given, made)
  }

  private present(): Master {
    return this.masters[this.masters.length - 1] as Master
  }
}

/** The parts of a context are of fixed forms without `/`, so none can be split another way. */
const boundTo = (head: Buffer, { partition, use }: KeyContext): Buffer =>
  Buffer.concat([head, Buffer.from(`${partition}/${use}`)])
