/** Something that keeps vectors in a directory and finds the nearest; vectors are known by their number. */
export interface Engine {
  /** Takes in vectors, one after another, whose first has the number `first`. */
  load(vectors: Float32Array, first: number): Promise<void>;
  /** Ends when everything that makes searches fast is built and kept. */
  build(): Promise<void>;
  search(query: Float32Array, count: number): Promise<readonly number[]>;
  close(): Promise<void>;
}

/** Opens what is in a directory, or begins. */
export type OpenEngine = (directory: string, dimension: number) => Promise<Engine>;
