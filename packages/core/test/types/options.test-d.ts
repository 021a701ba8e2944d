// Checked by the compiler, and never run: `npm run typecheck`.
import { expectTypeOf } from "vitest";
import {
  type CallOptions,
  type ClientOptions,
  type Distance,
  type Interceptor,
  type InterceptorReply,
  type Transport,
  VectronClient,
} from "../../src/index.ts";

export const undefinedMeansTheDefault = (transport: Transport) => {
  new VectronClient(transport, { apiKey: undefined, timeoutMs: undefined, retry: undefined });
  expectTypeOf<{ signal: undefined; timeoutMs: undefined; retry: undefined }>().toExtend<CallOptions>();
};

export const unknownOptionsAreRefused = async (transport: Transport) => {
  // @ts-expect-error the unit is in the name
  const client = new VectronClient(transport, { timeout: 1_000 });
  // @ts-expect-error a string is no number
  await client.listCollections({ timeoutMs: "1s" });
  // @ts-expect-error no such option
  await client.listCollections({ retries: 3 });
};

export const signalsOfEveryRuntimeFit = () => {
  expectTypeOf<AbortSignal>().toExtend<NonNullable<CallOptions["signal"]>>();
};

export const distancesAreThree = async (client: VectronClient) => {
  expectTypeOf<Distance>().toEqualTypeOf<"cosine" | "euclidean" | "dot">();
  // @ts-expect-error spelt otherwise
  await client.createCollection({ name: "docs", dimension: 4, distance: "Cosine" });
  // @ts-expect-error a collection needs a dimension
  await client.createCollection({ name: "docs" });
};

export const interceptorsSeeTheCall = () => {
  const interceptor: Interceptor = (next) => async (call) => {
    expectTypeOf(call.kind).toEqualTypeOf<"unary" | "stream">();
    expectTypeOf(call.deadline).toEqualTypeOf<number>();
    return next(call);
  };
  expectTypeOf<{ interceptors: (typeof interceptor)[] }>().toExtend<ClientOptions>();
  expectTypeOf(interceptor).returns.returns.resolves.toExtend<InterceptorReply>();
};
