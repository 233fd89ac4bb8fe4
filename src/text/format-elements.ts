/** Chooses one notation and one width for all the numbers of an array, as numpy does before printing. */
import { formatPositional, formatScientific } from './float-digits.ts';

const PRECISION = 8;

/**
 * A function that prints one value of an array in the notation and column width that suit all of them.
 *
 * @param values - every value that will be printed
 * @param scalar - true for a 0-d array, whose booleans are not padded
 */
export function elementFormatter(
  values: readonly number[],
  dtype: 'float32' | 'float64' | 'int32' | 'bool',
  scalar: boolean,
): (value: number) => string {
  if (dtype === 'bool') return (value) => (value ? 'True' : 'False').padStart(scalar ? 0 : 5);
  if (dtype === 'int32') return padStartAll(values, String);
  return floatFormatter(values, dtype === 'float32');
}

function padStartAll(values: readonly number[], format: (value: number) => string) {
  const width = Math.max(...values.map((value) => format(value).length));
  return (value: number) => format(value).padStart(width);
}

function floatFormatter(values: readonly number[], single: boolean): (value: number) => string {
  const finite = values.filter(Number.isFinite);
  const format = needsExponent(finite, single)
    ? scientificFormatter(finite, single)
    : positional(finite, single);
  return padStartAll(values, (value) => (Number.isFinite(value) ? format(value) : nonFinite(value)));
}

function nonFinite(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  return value < 0 ? '-inf' : 'inf';
}

/** Numpy turns to exponents when the sizes differ more than a thousandfold, or are very large or small. */
function needsExponent(finite: readonly number[], single: boolean): boolean {
  const sizes = finite.filter((value) => value !== 0).map(Math.abs);
  if (sizes.length === 0) return false;
  const largest = Math.max(...sizes);
  const smallest = Math.min(...sizes);
  const ratio = single ? Math.fround(largest / smallest) : largest / smallest;
  const tiny = single ? Math.fround(0.0001) : 0.0001;
  return largest >= (single ? 1e6 : 1e8) || smallest < tiny || ratio > 1000;
}

/** Points are aligned: shorter fractions are followed by blanks. */
function positional(finite: readonly number[], single: boolean): (value: number) => string {
  const format = (value: number) => formatPositional(value, PRECISION, single);
  const fractionOf = (text: string) => text.length - text.indexOf('.');
  const width = Math.max(0, ...finite.map((value) => fractionOf(format(value))));
  return (value) => {
    const text = format(value);
    return text + ' '.repeat(width - fractionOf(text));
  };
}

/** Mantissas get equally many digits, exponents equally many too. */
function scientificFormatter(finite: readonly number[], single: boolean): (value: number) => string {
  const parts = finite.map((value) => splitScientific(formatScientific(value, PRECISION, { single })));
  const digits = Math.max(...parts.map(({ mantissa }) => mantissa.length - mantissa.indexOf('.') - 1));
  const powerWidth = Math.max(...parts.map(({ power }) => power.length - 1));
  return (value) => {
    const { mantissa, power } = splitScientific(formatScientific(value, digits, { single, exact: true }));
    return `${mantissa}e${power[0]}${power.slice(1).padStart(powerWidth, '0')}`;
  };
}

function splitScientific(text: string): { mantissa: string; power: string } {
  const [mantissa, power] = text.split('e') as [string, string];
  return { mantissa, power };
}
