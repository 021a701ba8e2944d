import { METRICS, type Metric } from "../engine/metric.ts";
import type { CollectionSpec } from "../engine/store.ts";
import { checkCollectionName, checkDimension, checkDimensionLimit } from "../service/checks.ts";
import { damagedExport } from "./export-errors.ts";

/** What an export says that its collection is, checked as a request to create it. */
export function specOf(head: { readonly [name: string]: unknown }): CollectionSpec {
  const { name, dimension, distance } = head;
  const isWhole =
    typeof name === "string" && Number.isInteger(dimension) && METRICS.includes(distance as Metric);
  if (!isWhole) throw damagedExport(`its head is ${JSON.stringify(head)}`);
  checkCollectionName(name);
  checkDimension(dimension as number);
  checkDimensionLimit(dimension as number);
  return { name, dimension: dimension as number, metric: distance as Metric, distance: distance as Metric };
}
