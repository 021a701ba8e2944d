import type { Point, SearchRequest, SubmitFeedbackRequest } from "@vectron/core/wire";
import { METRICS, type Metric } from "../engine/metric.ts";
import { invalidArgument } from "./failures.ts";

/**
 * The checks of every call, in the order and the words of a stock server. Where
 * the stock server lets something through that can only be a mistake, the check
 * says so.
 */

/** Enough for every model in use, small enough that a typing error does not take all memory. */
const MAX_DIMENSION = 65_536;

const LONGEST_SHOWN_ID = 64;

export function checkCollectionName(name: string): void {
  if (name === "") throw invalidArgument("collection name cannot be empty");
}

/** The check of the calls that a stock server routes without looking at their fields. */
export function checkCollectionGiven(name: string): void {
  if (name === "") throw invalidArgument("collection name is required");
}

export function checkDimension(dimension: number): void {
  if (dimension <= 0) throw invalidArgument("dimension must be a positive number");
}

/** A stock server has no such limit. */
export function checkDimensionLimit(dimension: number): void {
  if (dimension > MAX_DIMENSION) throw invalidArgument(`dimension must be at most ${MAX_DIMENSION}`);
}

/**
 * The metric of a name; none means euclidean. A stock server takes every name it
 * does not know, `COSINE` included, for euclidean.
 */
export function parseMetric(distance: string): Metric {
  if (distance === "") return "euclidean";
  const metric = METRICS.find((name) => name === distance);
  if (metric !== undefined) return metric;
  throw invalidArgument(
    `distance must be one of ${METRICS.join(", ")}, got ${JSON.stringify(shown(distance))}`,
  );
}

/** What must hold of points before anything is known about their collection. */
export function checkPoints(points: readonly Point[]): void {
  if (points.length === 0) throw invalidArgument("at least one point is required for upsert");
  for (const point of points) {
    if (point.id === "") throw invalidArgument("point ID cannot be empty");
    if (point.vector.length === 0) throw invalidArgument("point vector cannot be empty");
  }
}

export function checkPointDimensions(points: readonly Point[], dimension: number): void {
  for (const { vector } of points) {
    if (vector.length === dimension) continue;
    throw invalidArgument(`vector dimension ${vector.length} does not match index dimension ${dimension}`);
  }
}

/** A stock server stores NaN and infinities, and never finds such points again. */
export function checkPointsFinite(points: readonly Point[]): void {
  for (const { id, vector } of points) {
    checkFinite(vector, () => `vector of point ${JSON.stringify(shown(id))}`);
  }
}

/** What must hold of a search before anything is known about its collection. */
export function checkSearch(request: SearchRequest): void {
  checkCollectionName(request.collection);
  if (request.vector.length === 0) throw invalidArgument("search vector cannot be empty");
}

export function checkSearchDimension(vector: Float32Array, dimension: number): void {
  if (vector.length === dimension) return;
  throw invalidArgument(
    `search vector dimension ${vector.length} does not match index dimension ${dimension}`,
  );
}

/** A stock server finds nothing, or anything, for such a query. */
export function checkSearchFinite(vector: Float32Array): void {
  checkFinite(vector, () => "search vector");
}

export function checkNoVectorsInStream(includeVectors: boolean): void {
  if (includeVectors) throw invalidArgument("include_vectors is not supported on SearchStream");
}

export function checkFeedback({ collection, feedbackItems }: SubmitFeedbackRequest): void {
  checkCollectionName(collection);
  if (feedbackItems.length === 0) throw invalidArgument("feedback items cannot be empty");
  for (const { relevanceScore } of feedbackItems) {
    if (relevanceScore < 1 || relevanceScore > 5) {
      throw invalidArgument("relevance score must be between 1 and 5");
    }
  }
}

function checkFinite(vector: Float32Array, what: () => string): void {
  const index = vector.findIndex((component) => !Number.isFinite(component));
  if (index >= 0) throw invalidArgument(`${what()} must be finite, component ${index} is ${vector[index]}`);
}

function shown(text: string): string {
  return text.length <= LONGEST_SHOWN_ID ? text : `${text.slice(0, LONGEST_SHOWN_ID)}…`;
}
