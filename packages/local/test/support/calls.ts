import type { ErrorCode, MethodDescriptor, Transport } from "@vectron/core";
import type { CreateCollectionRequest, Point, SearchRequest } from "@vectron/core/wire";
import { vectronService } from "@vectron/core/wire";
import { expect } from "vitest";

export interface CallSettings {
  readonly deadline?: number;
  readonly signal?: AbortSignal;
}

/** Makes a unary call on a transport; with a minute's time unless told otherwise. */
export async function call<I, O>(
  transport: Transport,
  method: MethodDescriptor<I, O>,
  message: I,
  settings: CallSettings = {},
): Promise<O> {
  const { deadline = Date.now() + 60_000, signal = new AbortController().signal } = settings;
  return (await transport.unary({ method, message, deadline, signal, headers: {} })).message;
}

/** All messages of a SearchStream call. */
export async function callStream(transport: Transport, message: SearchRequest, settings: CallSettings = {}) {
  const { deadline = Date.now() + 60_000, signal = new AbortController().signal } = settings;
  const request = { method: vectronService.searchStream, message, deadline, signal, headers: {} };
  const replies = [];
  for await (const reply of transport.serverStream(request)) replies.push(reply);
  return replies;
}

/** Expects a failure with exactly this code and text. */
export async function expectFailure(work: Promise<unknown>, code: ErrorCode, message: string | RegExp) {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error, "the call should fail").toBeDefined();
  expect((error as { code: unknown }).code).toBe(code);
  if (typeof message === "string") expect((error as Error).message).toBe(message);
  else expect((error as Error).message).toMatch(message);
}

export function createRequest(overrides: Partial<CreateCollectionRequest> = {}): CreateCollectionRequest {
  return { name: "docs", dimension: 2, distance: "euclidean", ...overrides };
}

export function searchRequest(overrides: Partial<SearchRequest> = {}): SearchRequest {
  return {
    collection: "docs",
    vector: Float32Array.of(0, 0),
    topK: 0,
    query: "",
    timeoutMs: 0,
    includeVectors: false,
    includeMetadata: false,
    ...overrides,
  };
}

export function point(id: string, vector: readonly number[], payload: Record<string, string> = {}): Point {
  return { id, vector: Float32Array.from(vector), payload };
}
