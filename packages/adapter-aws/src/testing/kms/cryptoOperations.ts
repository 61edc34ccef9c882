import { randomBytes } from "node:crypto"
import type {
  DecryptRequest,
  DecryptResponse,
  EncryptRequest,
  EncryptResponse,
  GenerateDataKeyRequest,
  GenerateDataKeyResponse,
  GenerateDataKeyWithoutPlaintextRequest,
  GenerateDataKeyWithoutPlaintextResponse,
  ReEncryptRequest,
  ReEncryptResponse,
} from "@aws-sdk/client-kms"
import type { Operation } from "../Operations.ts"
import { ServiceError } from "../ServiceError.ts"
import type { Wire } from "../serviceModel.ts"
import { currentMaterial, type EncryptionContext, open, seal } from "./ciphertextBlob.ts"
import { type EmulatedKey, type KeyTable, requireUsable } from "./KeyTable.ts"
import { rotateWhenDue } from "./rotationOperations.ts"

const MAX_PLAIN_BYTES = 4096
const MAX_BLOB_BYTES = 6144
const SYMMETRIC = "SYMMETRIC_DEFAULT"

/** Encryption and decryption under symmetric keys. */
export const cryptoOperations = (keys: KeyTable) => {
  const usable = (keyId: string, region: string): EmulatedKey => {
    const key = keys.find(keyId, region)
    requireUsable(key)
    if (key.usage !== "ENCRYPT_DECRYPT" || key.spec !== SYMMETRIC)
      throw new ServiceError("InvalidKeyUsageException", `${key.arn} key usage is ${key.usage}`)
    rotateWhenDue(keys, key)
    return key
  }

  const opened = (
    blob: string | undefined,
    context: EncryptionContext,
    keyId: string | undefined,
    region: string,
  ) => {
    const bytes = decoded("CiphertextBlob", blob, MAX_BLOB_BYTES)
    const expected = keyId === undefined ? undefined : usable(keyId, region)
    const found = open(bytes, context, expected, (id) => keys.named(id, region))
    requireUsable(found.key)
    return found
  }

  const newDataKey = (request: Wire<GenerateDataKeyWithoutPlaintextRequest>, region: string) => {
    const { KeySpec, NumberOfBytes, EncryptionContext } = request
    if ((KeySpec === undefined) === (NumberOfBytes === undefined))
      throw new ServiceError(
        "ValidationException",
        "Please specify either number of bytes or key spec.",
      )
    const size = NumberOfBytes ?? (KeySpec === "AES_128" ? 16 : 32)
    if (size < 1 || size > 1024) throw new ServiceError("ValidationException", "NumberOfBytes")
    const key = usable(request.KeyId ?? "", region)
    const plain = randomBytes(size)
    return {
      plain,
      answer: {
        KeyId: key.arn,
        KeyMaterialId: currentMaterial(key).id,
        CiphertextBlob: encoded(seal(key, plain, EncryptionContext)),
      },
    }
  }

  const Encrypt: Operation<EncryptRequest, EncryptResponse> = (request, region) => {
    const plain = decoded("Plaintext", request.Plaintext, MAX_PLAIN_BYTES)
    const key = usable(request.KeyId ?? "", region)
    return {
      KeyId: key.arn,
      CiphertextBlob: encoded(seal(key, plain, request.EncryptionContext)),
      EncryptionAlgorithm: SYMMETRIC,
    }
  }

  const Decrypt: Operation<DecryptRequest, DecryptResponse> = (request, region) => {
    const { CiphertextBlob, EncryptionContext, KeyId } = request
    const { key, material, plain } = opened(CiphertextBlob, EncryptionContext, KeyId, region)
    return {
      KeyId: key.arn,
      KeyMaterialId: material.id,
      Plaintext: encoded(plain),
      EncryptionAlgorithm: SYMMETRIC,
    }
  }

  const GenerateDataKey: Operation<GenerateDataKeyRequest, GenerateDataKeyResponse> = (
    request,
    region,
  ) => {
    const { plain, answer } = newDataKey(request, region)
    return { ...answer, Plaintext: encoded(plain) }
  }

  const GenerateDataKeyWithoutPlaintext: Operation<
    GenerateDataKeyWithoutPlaintextRequest,
    GenerateDataKeyWithoutPlaintextResponse
  > = (request, region) => newDataKey(request, region).answer

  const ReEncrypt: Operation<ReEncryptRequest, ReEncryptResponse> = (request, region) => {
    const { CiphertextBlob, SourceKeyId, SourceEncryptionContext } = request
    const source = opened(CiphertextBlob, SourceEncryptionContext, SourceKeyId, region)
    const target = usable(request.DestinationKeyId ?? "", region)
    return {
      KeyId: target.arn,
      SourceKeyId: source.key.arn,
      SourceKeyMaterialId: source.material.id,
      DestinationKeyMaterialId: currentMaterial(target).id,
      SourceEncryptionAlgorithm: SYMMETRIC,
      DestinationEncryptionAlgorithm: SYMMETRIC,
      CiphertextBlob: encoded(seal(target, source.plain, request.DestinationEncryptionContext)),
    }
  }

  return { Encrypt, Decrypt, GenerateDataKey, GenerateDataKeyWithoutPlaintext, ReEncrypt }
}

const encoded = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64")

const decoded = (member: string, text: string | undefined, limit: number): Uint8Array => {
  const bytes = Buffer.from(text ?? "", "base64")
  if (bytes.length < 1 || bytes.length > limit)
    throw new ServiceError("ValidationException", `${member} must have 1 to ${limit} bytes`)
  return bytes
}
