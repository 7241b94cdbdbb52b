/** ln Gamma(x) for x > 0, to about 15 digits. Source: C. Lanczos (1964), coefficients of P. Godfrey (2001), g = 607/128. */
export function logGamma(x: number): number {
  let sum = LANCZOS[0] as number;
  for (let index = 1; index < LANCZOS.length; index += 1) sum += (LANCZOS[index] as number) / (x + index - 1);
  const base = x - 1 + 607 / 128 + 0.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(base) - base + Math.log(sum);
}

const LANCZOS = [
  0.9999999999999971, 57.15623566586292, -59.59796035547549, 14.136097974741746, -0.4919138160976202, 3.399464998481189e-5,
  4.652362892704858e-5, -9.837447530487956e-5, 0.0001580887032249125, -0.00021026444172410488, 0.00021743961811521265,
  -0.0001643181065367639, 8.441822398385275e-5, -2.6190838401581408e-5, 3.6899182659531625e-6,
];

/** I_x(a, b), the distribution function of Beta(a, b), by its continued fraction. Source: Numerical Recipes, 3rd ed., section 6.4. */
export function betaProbability(x: number, a: number, b: number): number {
  return betaProbabilityOf(x, a, b, logScale(a, b));
}

/** -ln B(a, b) */
function logScale(a: number, b: number): number {
  return logGamma(a + b) - logGamma(a) - logGamma(b);
}

function betaProbabilityOf(x: number, a: number, b: number, scale: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(scale + a * Math.log(x) + b * Math.log1p(-x));
  if (x < (a + 1) / (a + b + 2)) return (front * continuedFraction(x, a, b)) / a;
  return 1 - (front * continuedFraction(1 - x, b, a)) / b;
}

/** Modified Lentz's method. */
function continuedFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const away = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m <= 200; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    const change = d * c;
    result *= change;
    if (Math.abs(change - 1) < 1e-15) break;
  }
  return result;
}

/** The x at which I_x(a, b) = p, by bisection made faster with Newton's steps. Needs a, b >= 1. */
export function betaQuantile(p: number, a: number, b: number): number {
  return p <= 0 ? 0 : p >= 1 ? 1 : betaQuantileFrom(a / (a + b), p, a, b, logScale(a, b));
}

/** {@link betaQuantile} of 0, 1/cells, .. 1, each found from the one before. */
export function betaQuantiles(cells: number, a: number, b: number): Float64Array {
  const scale = logScale(a, b);
  const quantiles = new Float64Array(cells + 1);
  quantiles[cells] = 1;
  let x = a / (a + b) / cells;
  for (let cell = 1; cell < cells; cell += 1) {
    x = betaQuantileFrom(x, cell / cells, a, b, scale);
    quantiles[cell] = x;
  }
  return quantiles;
}

function betaQuantileFrom(start: number, p: number, a: number, b: number, scale: number): number {
  let [low, high] = [0, 1];
  let x = start;
  for (let step = 0; step < 100; step += 1) {
    const error = betaProbabilityOf(x, a, b, scale) - p;
    if (error > 0) high = x;
    else low = x;
    const density = Math.exp(scale + (a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x));
    const newton = x - error / density;
    // The error of Newton's next step is about the square of this one.
    if (Math.abs(newton - x) <= 1e-9 * x) return newton;
    x = newton > low && newton < high ? newton : (low + high) / 2;
  }
  return x;
}

/** The standard normal quantile for 0 < p < 1, to 16 digits. Source: M. J. Wichura, "Algorithm AS 241", Applied Statistics 37 (1988). */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(CENTRE_OVER, r)) / polynomial(CENTRE_UNDER, r);
  }
  const tail = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  const value =
    tail <= 5
      ? polynomial(MIDDLE_OVER, tail - 1.6) / polynomial(MIDDLE_UNDER, tail - 1.6)
      : polynomial(FAR_OVER, tail - 5) / polynomial(FAR_UNDER, tail - 5);
  return q < 0 ? -value : value;
}

/** Coefficients from the highest power down. */
function polynomial(c: Eight, x: number): number {
  return ((((((c[0] * x + c[1]) * x + c[2]) * x + c[3]) * x + c[4]) * x + c[5]) * x + c[6]) * x + c[7];
}

type Eight = readonly [number, number, number, number, number, number, number, number];

const CENTRE_OVER: Eight = [
  2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946, 1971.5909503065513,
  133.14166789178438, 3.3871328727963665,
];
const CENTRE_UNDER: Eight = [
  5226.495278852546, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751, 687.1870074920579,
  42.31333070160091, 1,
];
const MIDDLE_OVER: Eight = [
  0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045, 5.769497221460691,
  4.630337846156546, 1.4234371107496835,
];
const MIDDLE_UNDER: Eight = [
  1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851, 1.6763848301838038,
  2.053191626637759, 1,
];
const FAR_OVER: Eight = [
  2.0103343992922881e-7, 2.7115555687434876e-5, 0.0012426609473880784, 0.026532189526576124, 0.29656057182850487,
  1.7848265399172913, 5.463784911164114, 6.657904643501103,
];
const FAR_UNDER: Eight = [
  2.0442631033899397e-15, 1.421511758316446e-7, 1.8463183175100548e-5, 0.0007868691311456133, 0.014875361290850615,
  0.1369298809227358, 0.599832206555888, 1,
];
