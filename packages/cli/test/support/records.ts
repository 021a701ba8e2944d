import { writeFileSync } from "node:fs";

export const DIMENSION = 8;

/** Vector number `index`: different from every other, exact in float32. */
export function vectorOf(index: number, dimension = DIMENSION): number[] {
  return Array.from(
    { length: dimension },
    (_, i) => ((index * 31 + i * 17) % 1_024) / 64 + (i === 0 ? index / 1_048_576 : 0),
  );
}

/** Record number `index` as embeddings commonly come: an id, a vector and other fields. */
export function recordOf(index: number, dimension = DIMENSION) {
  return {
    id: `doc-${index}`,
    embedding: vectorOf(index, dimension),
    title: `Title ${index}`,
    year: 1900 + index,
  };
}

export function jsonLines(count: number): string[] {
  return Array.from({ length: count }, (_, index) => JSON.stringify(recordOf(index)));
}

/** Writes that many records as JSON lines. */
export function writeJsonl(path: string, count: number): void {
  writeFileSync(path, `${jsonLines(count).join("\n")}\n`);
}
