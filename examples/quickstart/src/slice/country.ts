/** How the data set spells each country, and its ISO 3166-1 alpha-2 code. */
export const COUNTRY_CODES = {
  Australia: "AU",
  Austria: "AT",
  Bahrain: "BH",
  Belgium: "BE",
  Brazil: "BR",
  Canada: "CA",
  // Jersey and Guernsey have no code in common: the larger island stands for both.
  "Channel Islands": "JE",
  Cyprus: "CY",
  "Czech Republic": "CZ",
  Denmark: "DK",
  EIRE: "IE",
  // No country: ISO keeps EU reserved for the European Union.
  "European Community": "EU",
  Finland: "FI",
  France: "FR",
  Germany: "DE",
  Greece: "GR",
  "Hong Kong": "HK",
  Iceland: "IS",
  Israel: "IL",
  Italy: "IT",
  Japan: "JP",
  Lebanon: "LB",
  Lithuania: "LT",
  Malta: "MT",
  Netherlands: "NL",
  Norway: "NO",
  Poland: "PL",
  Portugal: "PT",
  RSA: "ZA",
  "Saudi Arabia": "SA",
  Singapore: "SG",
  Spain: "ES",
  Sweden: "SE",
  Switzerland: "CH",
  USA: "US",
  "United Arab Emirates": "AE",
  "United Kingdom": "GB",
  // ISO leaves ZZ to its users, who write it for "not known".
  Unspecified: "ZZ",
} as const

export type CountryName = keyof typeof COUNTRY_CODES

export const COUNTRY_NAMES = Object.keys(COUNTRY_CODES) as ReadonlyArray<CountryName>
