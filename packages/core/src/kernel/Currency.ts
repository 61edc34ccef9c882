import * as Schema from "effect/Schema"

/** Active ISO 4217 codes by number of minor-unit digits. Funds, metals and testing codes are left out. */
const CODES_BY_DIGITS = {
  0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF",
  2: `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
      CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL
      HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT
      MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB
      SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH
      USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG`,
  3: "BHD IQD JOD KWD LYD OMR TND",
  4: "UYW",
} as const

const digitsByCode: ReadonlyMap<string, number> = new Map(
  Object.entries(CODES_BY_DIGITS).flatMap(([digits, codes]) =>
    codes.split(/\s+/u).map((code): [string, number] => [code, Number(digits)]),
  ),
)

/** An active ISO 4217 currency code, upper case. */
export const Currency = Schema.String.check(
  Schema.makeFilter((code: string) => digitsByCode.has(code) || "an active ISO 4217 currency code"),
).pipe(Schema.brand("Currency"))
export type Currency = typeof Currency.Type

/** The number of digits of a currency's minor unit: 2 for GBP (pence), 0 for JPY, 3 for KWD (ISO 4217). */
export const minorDigits = (currency: Currency): number => digitsByCode.get(currency) ?? 2
