/** Decimal digits of a float as numpy prints them: the shortest that read back, cut to a precision by exact rounding. */

/** `0.d₁d₂d₃… × 10^(exponent + 1)`: significant digits and the power of ten of the first. */
interface Decimal {
  digits: string;
  exponent: number;
}

/**
 * A finite number written positionally, with at most `precision` digits after the point.
 * Trailing zeros go, the point stays: `1` → `1.`, as numpy's `dragon4_positional(trim='.')`.
 *
 * @param single - true when the number is a float32 value: its shortest digits are those that read back as float32
 * @example formatPositional(0.40970904, 8, false) // '0.40970904'
 */
export function formatPositional(value: number, precision: number, single: boolean): string {
  const sign = isNegative(value) ? '-' : '';
  const { digits, exponent } = roundDecimal(value, single, precision);
  const padded = '0'.repeat(Math.max(0, -exponent)) + digits.padEnd(exponent + 1, '0');
  const point = Math.max(exponent, 0) + 1;
  return `${sign}${padded.slice(0, point)}.${trimZeros(padded.slice(point))}`;
}

/**
 * A finite number in scientific notation, with at most `precision` digits after the point and an exponent of
 * two digits or more: `1.5e-05`.
 *
 * @param options.single - true when the number is a float32 value
 * @param options.exact - write all `precision` digits: those beyond the shortest come from the exact value, so
 *   the float32 0.1 is `1.00000001e-01`, as numpy's `dragon4_scientific(min_digits=precision)`
 */
export function formatScientific(
  value: number,
  precision: number,
  { single, exact = false }: { single: boolean; exact?: boolean },
): string {
  const sign = isNegative(value) ? '-' : '';
  const shortest = shortestDecimal(value, single);
  const places = precision - shortest.exponent;
  const missing = exact && value !== 0 && shortest.digits.length <= precision;
  const { digits, exponent } = missing ? exactDecimal(value, places) : roundDecimal(value, single, places);
  const power = `${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  const fraction = exact ? digits.slice(1).padEnd(precision, '0') : trimZeros(digits.slice(1));
  return `${sign}${digits[0]}.${fraction}e${power}`;
}

function isNegative(value: number): boolean {
  return value < 0 || Object.is(value, -0);
}

function trimZeros(fraction: string): string {
  return fraction.replace(/0+$/, '');
}

/** The fewest digits that read back as the same double, or as the same float32. */
function shortestDecimal(value: number, single: boolean): Decimal {
  const magnitude = Math.abs(value);
  const double = parseExponential(magnitude.toExponential());
  if (!single || value === 0) return double;
  for (let count = 1; count < double.digits.length; count++) {
    const decimal = exactDecimal(magnitude, count - 1 - double.exponent);
    if (Math.fround(toNumber(decimal)) === magnitude) return decimal;
  }
  return double;
}

function toNumber({ digits, exponent }: Decimal): number {
  return Number(`${digits}e${exponent + 1 - digits.length}`);
}

function parseExponential(text: string): Decimal {
  const [mantissa, power] = text.split('e') as [string, string];
  return { digits: mantissa.replace('.', ''), exponent: Number(power) };
}

/** The shortest digits when they end within `places` decimal places, else the exact value rounded there. */
function roundDecimal(value: number, single: boolean, places: number): Decimal {
  const shortest = shortestDecimal(value, single);
  if (shortest.digits.length - 1 - shortest.exponent <= places) return shortest;
  return exactDecimal(value, places);
}

/** The exact binary value rounded to `places` decimal places. */
function exactDecimal(value: number, places: number): Decimal {
  const scaled = scaleAndRound(Math.abs(value), places).toString();
  return { digits: scaled, exponent: scaled.length - 1 - places };
}

/** `value · 10^places` as an integer, ties to even: dragon4 decides on the exact value, not on the shortest digits. */
function scaleAndRound(value: number, places: number): bigint {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const raw = bits.getBigUint64(0);
  const biased = Number(raw >> 52n);
  const fraction = raw & 0xfffffffffffffn;
  const mantissa = biased === 0 ? fraction : fraction | 0x10000000000000n;
  const power = Math.max(biased, 1) - 1075;
  const numerator = mantissa * 10n ** BigInt(Math.max(places, 0)) * 2n ** BigInt(Math.max(power, 0));
  const denominator = 10n ** BigInt(Math.max(-places, 0)) * 2n ** BigInt(Math.max(-power, 0));
  return divideToEven(numerator, denominator);
}

function divideToEven(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  const up = twice > denominator || (twice === denominator && quotient % 2n === 1n);
  return up ? quotient + 1n : quotient;
}
