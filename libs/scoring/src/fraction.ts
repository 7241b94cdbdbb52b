/**
 * An exact fraction. Scores are computed with these, so they depend neither on the order of the checks nor on binary rounding:
 * 0.2 is one fifth, not the nearest double.
 */
export class Fraction {
  static readonly ZERO = new Fraction(0n, 1n);

  private constructor(
    private readonly numerator: bigint,
    /** Always positive. */
    private readonly denominator: bigint,
  ) {}

  /**
   * The decimal number that `value` prints as: `Fraction.of(0.1)` is exactly one tenth.
   *
   * @throws RangeError when `value` is NaN or infinite
   */
  static of(value: number): Fraction {
    if (!Number.isFinite(value)) throw new RangeError(`Not a finite number: ${value}.`);
    const [mantissa = '0', exponent = '0'] = String(value).split('e');
    const [whole = '0', decimals = ''] = mantissa.split('.');
    const digits = BigInt(whole + decimals);
    const power = Number(exponent) - decimals.length;
    return power >= 0 ? new Fraction(digits * 10n ** BigInt(power), 1n) : new Fraction(digits, 10n ** BigInt(-power));
  }

  private static reduced(numerator: bigint, denominator: bigint): Fraction {
    let [a, b] = [numerator < 0n ? -numerator : numerator, denominator];
    while (b > 0n) [a, b] = [b, a % b];
    return new Fraction(numerator / a, denominator / a);
  }

  plus(other: Fraction): Fraction {
    return Fraction.reduced(
      this.numerator * other.denominator + other.numerator * this.denominator,
      this.denominator * other.denominator,
    );
  }

  minus(other: Fraction): Fraction {
    return this.plus(new Fraction(-other.numerator, other.denominator));
  }

  times(other: Fraction): Fraction {
    return Fraction.reduced(this.numerator * other.numerator, this.denominator * other.denominator);
  }

  /** @throws RangeError when `other` is zero */
  dividedBy(other: Fraction): Fraction {
    if (other.isZero()) throw new RangeError('Division by zero.');
    const sign = other.numerator < 0n ? -1n : 1n;
    return this.times(new Fraction(sign * other.denominator, sign * other.numerator));
  }

  abs(): Fraction {
    return this.numerator < 0n ? new Fraction(-this.numerator, this.denominator) : this;
  }

  isZero(): boolean {
    return this.numerator === 0n;
  }

  isAbove(other: Fraction): boolean {
    return this.minus(other).numerator > 0n;
  }

  /** The nearest double. */
  toNumber(): number {
    return Number(this.toDecimal(20));
  }

  /** Rounded to `places` decimals, halves away from zero (2.25 gives 2.3), as a decimal text. */
  toDecimal(places: number): string {
    const scale = 10n ** BigInt(places);
    const doubled = this.abs().numerator * scale * 2n + this.denominator;
    const rounded = (doubled / (this.denominator * 2n)).toString().padStart(places + 1, '0');
    const sign = this.numerator < 0n && /[1-9]/.test(rounded) ? '-' : '';
    const point = rounded.length - places;
    return sign + rounded.slice(0, point) + (places > 0 ? `.${rounded.slice(point)}` : '');
  }
}
