export const INDEX_TIERS = ["auto", "scan", "hnsw"] as const;

/** How a collection is searched: `scan` looks at every point, `hnsw` at a part of them, by a graph; `auto` chooses. */
export type IndexTier = (typeof INDEX_TIERS)[number];

/** The trade-off of one collection's index. What is not given has its default. */
export interface IndexOptions {
  /**
   * `scan` is exact and needs no building; `hnsw` is faster for many points, and
   * approximate. Default `auto`: `hnsw` from `thresholdPoints` on.
   */
  readonly tier?: IndexTier | undefined;
  /**
   * How many points a collection has to have for `auto` to choose `hnsw`. Default:
   * 67,108,864 / dimension, where a scan takes a few milliseconds.
   */
  readonly thresholdPoints?: number | undefined;
  /** How many candidates a search of the graph looks at, at least. More is slower, and finds more. Default 256. */
  readonly efSearch?: number | undefined;
  /** How many candidates the graph's builder looks at for each point. Changing it builds anew. Default 128. */
  readonly efConstruction?: number | undefined;
  /** How many links a point has in the graph. Changing it builds anew. Default 16. */
  readonly connectivity?: number | undefined;
}

/** What an index is doing. */
export interface IndexStatus {
  /** What answers searches now. */
  readonly tier: "scan" | "hnsw";
  /** How many points the collection has. */
  readonly points: number;
  /** How many of them the graph knows; 0 when there is none. */
  readonly indexed: number;
  /** How many of them the graph has yet to take in. Searches look at these too. */
  readonly pending: number;
  /** About how many bytes of memory the index takes, beside the vectors. */
  readonly memoryBytes: number;
  /** Why there is no graph although the options ask for one. */
  readonly unavailable?: string;
}

/** The options with their defaults. */
export type ResolvedIndexOptions = {
  readonly [Name in keyof IndexOptions]-?: NonNullable<IndexOptions[Name]>;
};

/** Up to here a scan takes about 3.5 ms, one undisturbed turn of the event loop. */
const THRESHOLD_COMPONENTS = 64 * 1024 * 1024;

export function resolveIndexOptions(options: IndexOptions, dimension: number): ResolvedIndexOptions {
  const { tier = "auto", efSearch = 256, efConstruction = 128, connectivity = 16 } = options;
  const { thresholdPoints = Math.ceil(THRESHOLD_COMPONENTS / dimension) } = options;
  return { tier, thresholdPoints, efSearch, efConstruction, connectivity };
}
