import { ServerInterceptingCall, type ServerInterceptor } from "@grpc/grpc-js";
import type { CallGuard } from "../call-guard.ts";
import { METHODS } from "../methods.ts";
import { toHeaders } from "./headers.ts";
import { toGrpcStatus } from "./status.ts";

/** Refuses calls as soon as their headers are there, before any of their message is read. */
export function guardInterceptor(guard: CallGuard): ServerInterceptor {
  const methods = new Map(METHODS.map((method) => [method.path, method]));
  return ({ path }, call) => {
    const method = methods.get(path);
    return new ServerInterceptingCall(call, {
      start(next) {
        next({
          onReceiveMetadata(metadata, pass) {
            try {
              if (method !== undefined) guard(method, toHeaders(metadata));
            } catch (error) {
              call.sendStatus(toGrpcStatus(error));
              return;
            }
            pass(metadata);
          },
        });
      },
    });
  };
}
