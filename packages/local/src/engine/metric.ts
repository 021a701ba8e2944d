/** How the distance of two vectors is measured; in every one of them a lower score is nearer. */
export const METRICS = ["cosine", "euclidean", "dot"] as const;

export type Metric = (typeof METRICS)[number];
