import type { Payload, Point, SearchResult } from "@vectron/core";
import type { Style } from "../output/style.ts";
import { printable } from "../output/table.ts";

const SHOWN_COMPONENTS = 8;

/** A point for people: its vector cut short. */
export function formatPoint({ id, vector, payload }: Point, style: Style): string {
  const head = Array.from(vector.subarray(0, SHOWN_COMPONENTS), shortNumber).join(", ");
  const more = vector.length > SHOWN_COMPONENTS ? ", …" : "";
  const lines = [style.bold(printable(id)), `  vector   ${vector.length} dimensions [${head}${more}]`];
  for (const [key, value] of Object.entries(payload)) {
    lines.push(`  ${style.dim(printable(key).padEnd(8))} ${printable(value)}`);
  }
  return lines.join("\n");
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** A payload on one line: `lang=en title="Of mice"`. */
export function formatPayload(payload: Payload): string {
  return Object.entries(payload)
    .map(
      ([key, value]) =>
        `${printable(key)}=${/^[^\s"=]+$/.test(value) ? printable(value) : JSON.stringify(value)}`,
    )
    .join(" ");
}

/** A point as a JSON value that `vectron import` takes back. */
export function pointJson({ id, vector, payload }: Point) {
  return { id, vector: Array.from(vector), payload };
}

/** A hit as a JSON value. */
export function resultJson({ id, score, payload, vector }: SearchResult) {
  return {
    id,
    score,
    ...(payload !== undefined && { payload }),
    ...(vector !== undefined && { vector: Array.from(vector) }),
  };
}
