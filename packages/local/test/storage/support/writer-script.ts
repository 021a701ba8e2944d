import type { Point } from "../../../src/engine/point.ts";

/**
 * What a writer does, step by step: a function of its number and the step, so that
 * a program that writes and the test that checks what is left of it agree.
 */
export type WriterStep =
  | { readonly kind: "create" }
  | { readonly kind: "drop" }
  | { readonly kind: "upsert"; readonly points: readonly Point[] }
  | { readonly kind: "delete"; readonly id: string };

export const DIMENSION = 24;
const LIFE_STEPS = 60;
const MOST_IDS = 300;

export function collectionOf(writer: number): string {
  return `writer-${writer}`;
}

export function writerStep(writer: number, step: number): WriterStep {
  const age = step % LIFE_STEPS;
  if (age === 0) return { kind: "create" };
  // Some collections stay for a whole run.
  if (age === LIFE_STEPS - 1 && writer % 2 === 0) return { kind: "drop" };
  const draw = generator(writer * 1_000_003 + step);
  if (draw() < 0.2) return { kind: "delete", id: idOf(draw) };
  const count = 1 + Math.floor(draw() * 12);
  return { kind: "upsert", points: Array.from({ length: count }, () => pointOf(draw, step)) };
}

/** The points after a step; undefined when there is no collection. */
export type WriterState = ReadonlyMap<string, Point> | undefined;

export function afterStep(state: WriterState, step: WriterStep): WriterState {
  switch (step.kind) {
    case "create":
      return state ?? new Map();
    case "drop":
      return undefined;
    case "upsert":
      return new Map([...(state ?? []), ...step.points.map((point) => [point.id, point] as const)]);
    case "delete":
      return new Map([...(state ?? [])].filter(([id]) => id !== step.id));
  }
}

function pointOf(draw: () => number, step: number): Point {
  const vector = Float32Array.from({ length: DIMENSION }, () => draw() - 0.5);
  // Now and then larger than a page of the file.
  const note = "n".repeat(draw() < 0.05 ? 5_000 + Math.floor(draw() * 9_000) : Math.floor(draw() * 40));
  return { id: idOf(draw), vector, payload: { step: String(step), note } };
}

function idOf(draw: () => number): string {
  return `id-${Math.floor(draw() * MOST_IDS)}`;
}

/** Numbers from 0 to 1 that look random (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
