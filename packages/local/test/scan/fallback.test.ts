import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Metric } from "../../src/engine/metric.ts";
import { searchNow } from "../engine/search-now.ts";
import { gaussianVectors, METRICS, sourceOf } from "./data.ts";

type Constructor = new (argument: { readonly initial: number; readonly maximum: number }) => object;

const runtime = (
  globalThis as unknown as { readonly WebAssembly: Record<"Memory" | "Module" | "Instance", Constructor> }
).WebAssembly;
const vectors = gaussianVectors(2000, 40, 1);
const queries = gaussianVectors(5, 40, 2);

// The kernel is compiled once per load of its module.
beforeEach(() => vi.resetModules());
afterEach(() => vi.unstubAllGlobals());

/** Builds an index that keeps codes if it can. */
async function searchAll(metric: Metric) {
  const { ScanIndex } = await import("../../src/scan/scan-index.ts");
  const index = new ScanIndex(sourceOf(metric, vectors), { codesFromComponents: 0 });
  for (const [row, vector] of vectors.entries()) index.set(row, vector);
  return { keepsCodes: index.codeBytes > 0, hits: queries.map((query) => searchNow(index, query, 10)) };
}

function changeRuntime(parts: Partial<typeof runtime>): void {
  const { Memory, Module, Instance } = runtime;
  vi.resetModules();
  vi.stubGlobal("WebAssembly", { Memory, Module, Instance, ...parts });
}

test.each(METRICS)("%s: without WebAssembly the results are the same", async (metric) => {
  const { keepsCodes, hits } = await searchAll(metric);
  expect(keepsCodes).toBe(true);
  vi.resetModules();
  vi.stubGlobal("WebAssembly", undefined);
  expect(await searchAll(metric)).toEqual({ keepsCodes: false, hits });
});

test("where compiling code is forbidden, the results are the same", async () => {
  const { hits } = await searchAll("cosine");
  changeRuntime({
    Module: class {
      constructor() {
        throw new EvalError("forbidden by a policy");
      }
    },
  });
  expect(await searchAll("cosine")).toEqual({ keepsCodes: false, hits });
});

test("when there is no memory for codes, they are given up and nothing is lost", async () => {
  const { hits } = await searchAll("euclidean");
  let memories = 0;
  changeRuntime({
    Memory: class extends runtime.Memory {
      constructor({ initial }: { readonly initial: number }) {
        super({ initial, maximum: initial });
        memories++;
      }
    },
  });
  expect(await searchAll("euclidean")).toEqual({ keepsCodes: false, hits });
  expect(memories).toBe(1);
});
