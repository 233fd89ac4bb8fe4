/** Values print as notebooks need: matrices, cut arrays, maps, errors with causes. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { adoptTensors, formatValue } from '../../../../src/kernel/runner/output/format-value.ts';

describe('formatValue()', () => {
  it('prints tensors as numpy prints arrays', () => {
    expect(
      formatValue(
        tf.tensor2d([
          [1, 0],
          [0.5, 1],
        ]),
      ),
    ).toBe('array([[1. , 0. ],\n       [0.5, 1. ]], dtype=float32)');
    expect(formatValue(tf.tensor1d([1, 2], 'int32'))).toBe('array([1, 2], dtype=int32)');
  });

  it('prints tensors inside other values, and in console.log() once their class is known', () => {
    const result = { scores: tf.tensor1d([1]), names: ['a'] };
    expect(formatValue(result)).toBe("{ scores: array([1.], dtype=float32), names: [ 'a' ] }");
    adoptTensors(result);
    expect(inspect(tf.tensor1d([2]))).toBe('array([2.], dtype=float32)');
  });

  it('names the shape of a disposed tensor', () => {
    const tensor = tf.zeros([2, 3]);
    tensor.dispose();
    expect(formatValue(tensor)).toBe('Tensor(float32, [2, 3]), disposed');
  });

  it('cuts long typed arrays and says how long they are', () => {
    const text = formatValue(new Float32Array(768));
    expect(text).toMatch(/^Float32Array\(768\) \[/);
    expect(text).toContain('... 668 more items');
  });

  it('prints maps, strings and plain values as Node does', () => {
    expect(formatValue(new Map([['a', 1]]))).toBe("Map(1) { 'a' => 1 }");
    expect(formatValue('text')).toBe("'text'");
    expect(formatValue(null)).toBe('null');
  });

  it('prints errors with their causes', () => {
    const text = formatValue(new Error('outer', { cause: new Error('inner') }));
    expect(text).toContain('outer');
    expect(text).toContain('[cause]: Error: inner');
  });
});
