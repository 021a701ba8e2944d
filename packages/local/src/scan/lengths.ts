/** Sum of the squared components, in float64. */
export function sumOfSquares(vector: Float32Array | Float64Array): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += vector[i]! * vector[i]!;
  return sum;
}

/** What scales a vector to length 1; zero for a zero vector, which has no direction. */
export function unitFactor(vector: Float32Array): number {
  const squares = sumOfSquares(vector);
  return squares === 0 ? 0 : 1 / Math.sqrt(squares);
}
