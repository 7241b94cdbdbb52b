/**
 * Rounds dollars to the cent, halves away from zero, on the decimal that the number prints as: 1.005 gives 1.01 although the nearest
 * double lies below it. Returns dollars. Amounts stay unrounded inside the model; this is for the edge only.
 */
export function toCents(dollars: number): number {
  return toDecimals(dollars, 2);
}

/** As `toCents`, to any number of decimals. Digits beyond the fifteenth are noise of binary arithmetic and are dropped first. */
export function toDecimals(value: number, places: number): number {
  const rounded = shiftPoint(Math.round(shiftPoint(Number(Math.abs(value).toPrecision(15)), places)), -places);
  return value < 0 && rounded !== 0 ? -rounded : rounded;
}

/** Rounded to so many decimals, with thousands separated: `1,234.500`; without decimals `1,235`. */
export function formatNumber(value: number, places: number): string {
  const [whole = '0', decimals] = toDecimals(value, places).toFixed(places).split('.');
  const separated = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return decimals === undefined ? separated : `${separated}.${decimals}`;
}

/** Whole percent; what is rare or nearly sure is not told as never or always. */
export function formatShare(share: number): string {
  if (share > 0 && share < 0.005) return '< 1%';
  if (share < 1 && share >= 0.995) return '> 99%';
  return `${formatNumber(share * 100, 0)}%`;
}

/** Moves the decimal point in the number's text, which is exact where multiplying by 100 is not. */
function shiftPoint(value: number, places: number): number {
  const [mantissa, exponent = '0'] = String(value).split('e');
  return Number(`${mantissa}e${Number(exponent) + places}`);
}
