/** The numbers of the `count` vectors nearest to a query by squared distance, nearest first: a look at every one. */
export function exactNeighbours(vectors: Float32Array, query: Float32Array, count: number): number[] {
  const dimension = query.length;
  const rows: number[] = [];
  const distances: number[] = [];
  for (let row = 0; row < vectors.length / dimension; row++) {
    const distance = squaredDistance(vectors, row * dimension, query);
    if (rows.length === count && distance >= (distances[count - 1] as number)) continue;
    const place = distances.findIndex((other) => distance < other);
    const at = place === -1 ? rows.length : place;
    distances.splice(at, 0, distance);
    rows.splice(at, 0, row);
    if (rows.length > count) {
      rows.pop();
      distances.pop();
    }
  }
  return rows;
}

function squaredDistance(vectors: Float32Array, offset: number, query: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < query.length; i++) {
    const difference = (vectors[offset + i] as number) - (query[i] as number);
    sum += difference * difference;
  }
  return sum;
}
