/** A value as JSON, whatever numbers are in it. */
export const plainText = (value: unknown): string =>
  JSON.stringify(value, (_, each) => (typeof each === "bigint" ? String(each) : each)) ?? ""
