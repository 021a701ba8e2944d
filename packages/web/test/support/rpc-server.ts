import { createServer } from "node:http";
import type { ConnectRouter, HandlerContext } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import type { MethodDescriptor } from "@vectron/core";
import { connectServices, type Opaque, unwrap, wrap } from "@vectron/core/connect";
import { binaryServerCodec, type VectronService, vectronService } from "@vectron/core/wire";
import { listen } from "./listen.ts";

type Unary<I, O> = (request: I, context: HandlerContext) => O | Promise<O>;
type Stream<I, O> = (request: I, context: HandlerContext) => AsyncIterable<O>;

/** The methods of `VectronService` that a test serves. */
export type Handlers = {
  readonly [K in keyof VectronService]?: VectronService[K] extends MethodDescriptor<infer I, infer O>
    ? K extends "searchStream"
      ? Stream<I, O>
      : Unary<I, O>
    : never;
};

export interface RpcServer {
  /** `http://127.0.0.1:port`. */
  readonly url: string;
}

/** A server of Connect and gRPC-Web on connect-node, stopped when the test has finished. */
export async function startRpcServer(handlers: Handlers): Promise<RpcServer> {
  const routes = (router: ConnectRouter) => {
    router.service(connectServices["vectron.v1.VectronService"], implementation(handlers));
  };
  const server = createServer(connectNodeAdapter({ routes, grpc: false }));
  return { url: await listen(server) };
}

function implementation(handlers: Handlers): Record<string, unknown> {
  const entries = Object.entries(handlers).map(([name, handle]) => {
    const method = vectronService[name as keyof VectronService];
    const served = method.kind === "unary" ? serveUnary(method, handle) : serveStream(method, handle);
    return [name, served];
  });
  return Object.fromEntries(entries);
}

// biome-ignore lint/suspicious/noExplicitAny: a method of any messages
type AnyMethod = MethodDescriptor<any, any>;

function serveUnary(method: AnyMethod, handle: unknown) {
  const codec = binaryServerCodec(method);
  return async (request: Opaque, context: HandlerContext) =>
    wrap(
      codec.encodeReply(
        await (handle as Unary<unknown, unknown>)(codec.decodeRequest(unwrap(request)), context),
      ),
    );
}

function serveStream(method: AnyMethod, handle: unknown) {
  const codec = binaryServerCodec(method);
  return async function* (request: Opaque, context: HandlerContext) {
    const replies = (handle as Stream<unknown, unknown>)(codec.decodeRequest(unwrap(request)), context);
    for await (const reply of replies) yield wrap(codec.encodeReply(reply));
  };
}
