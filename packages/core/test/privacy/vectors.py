"""Makes vectors.json: known answers by an independent implementation (Python's `cryptography`, on OpenSSL).

    python3 vectors.py > vectors.json

Written from the format in packages/core/README.md, not from the TypeScript. Keys and vectors are derived by SHA-256
from their names, so that the file can be made again.
"""
import base64, hashlib, hmac, json, struct, uuid
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

A = "01890a5d-ac96-774b-8cce-b302099a8057"
B = "01890a5d-ac96-774b-8cce-b302099a8058"
ORDER = "01890a5d-ac96-774b-8cce-b302099a8101"
MERCHANT_KEY = "01890a5d-ac96-774b-8cce-b302099a8201"


def fixed(name, size):
    return hashlib.sha256(name.encode()).digest()[:size]


def prefixed(*texts):
    parts = [text.encode() for text in texts]
    return b"".join(struct.pack(">I", len(part)) + part for part in parts)


def b64(data):
    return base64.b64encode(data).decode()


def seal(key, key_id, iv, partition, order, field, version, plain):
    header = b"\x01" + uuid.UUID(key_id).bytes + iv
    return header + AESGCM(key).encrypt(iv, plain, header + prefixed("pii", partition, order, field, str(version)))


def vector(name, partition, order, field, version, plain):
    key, iv = fixed("key of " + name, 32), fixed("iv of " + name, 12)
    sealed = seal(key, order, iv, partition, order, field, version, plain)
    return {
        "name": name, "key": key.hex(), "keyId": order, "iv": iv.hex(), "partition": partition, "order": order,
        "field": field, "version": version, "plain": b64(plain), "sealed": b64(sealed),
    }


def json_text(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


sealed = [
    vector("a name", A, ORDER, "name", 1, json_text("Canary Buyer")),
    vector("another merchant", B, ORDER, "name", 1, json_text("Canary Buyer")),
    vector("another field", A, ORDER, "email", 1, json_text("canary@example.com")),
    vector("another version", A, ORDER, "name", 2, json_text("Canary Buyer")),
    vector("text beyond ASCII", A, ORDER, "other", 1, json_text({"giftMessage": "Für 雅子 \U0001f381"})),
    vector("nothing", A, ORDER, "document/label/1", 1, b""),
    vector("a document", A, ORDER, "document/label/1", 1, bytes(range(256)) * 8),
]


def index(key_name, field, value):
    key = fixed(key_name, 32)
    digest = hmac.new(key, prefixed(field, value), hashlib.sha256).digest()
    return {"key": key.hex(), "field": field, "value": value, "index": b64(digest)}


indexes = [
    index("index key of A", "email", "canary@example.com"),
    index("index key of B", "email", "canary@example.com"),
    index("index key of A", "phone", "447700900123"),
    index("index key of A", "email", "雅子@例え.jp"),
]

# A whole record, under the memory ring with this seed.
seed = fixed("seed", 32)
master = hmac.new(seed, b"wrap/1", hashlib.sha256).digest()


def ring_wrap(partition, use, plain):
    head = struct.pack(">I", 1) + fixed("ring iv " + use, 12)
    return b64(head + AESGCM(master).encrypt(head[4:], plain, head + f"{partition}/{use}".encode()))


merchant, order = fixed("merchant key", 32), fixed("order key", 32)
data = {
    "name": "Canary Buyer",
    "address": {"line1": "7 Canary Wharf", "city": "Buyerton", "postcode": "QU1 9LL", "country": "GB"},
    "email": "canary@example.com",
    "phone": "+44 7700 900123",
    "other": {"giftMessage": "Für 雅子 \U0001f381"},
}
record = {
    "seed": seed.hex(),
    "partition": A,
    "merchantKey": {"id": MERCHANT_KEY, "plain": merchant.hex(), "wrapped": ring_wrap(A, "personal_data", merchant)},
    "data": data,
    "pii": {
        "order": ORDER,
        "version": 1,
        "key": MERCHANT_KEY,
        "wrappedKey": b64(seal(merchant, MERCHANT_KEY, fixed("wrap iv", 12), A, ORDER, "key", 1, order)),
        "fields": {
            field: b64(seal(order, ORDER, fixed("iv " + field, 12), A, ORDER, field, 1, json_text(value)))
            for field, value in data.items()
        },
        "receivedAt": 1_700_000_000_000,
        "deadline": 1_702_592_000_000,
        "connection": B,
    },
}

print(json.dumps({"sealed": sealed, "indexes": indexes, "record": record}, ensure_ascii=False, indent=2))
