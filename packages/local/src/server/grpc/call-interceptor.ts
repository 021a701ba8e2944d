import {
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
  type ServerListener,
  status,
} from "@grpc/grpc-js";
import { statusCodeFromNumber } from "@vectron/core/wire";
import type { CallGuard } from "../call-guard.ts";
import { type AnyMethod, METHODS } from "../methods.ts";
import type { CallMonitor, OpenCall } from "../monitor/call-monitor.ts";
import type { GrpcConnections } from "./grpc-connections.ts";
import { toHeaders } from "./headers.ts";
import { toGrpcStatus } from "./status.ts";

/** What stands around the calls of the service. */
export interface CallSurroundings {
  readonly guard: CallGuard;
  readonly monitor: CallMonitor;
  readonly connections: GrpcConnections;
  readonly requestTimeoutMs: number;
}

/**
 * Refuses calls as soon as their headers are there, before any of their message is read; ends those whose message does
 * not come; and tells of all of them. Other services are only seen by the rules about pings.
 */
export function callInterceptor(surroundings: CallSurroundings): ServerInterceptor {
  const methods = new Map(METHODS.map((method) => [method.path, method]));
  return ({ path }, call) => {
    const method = methods.get(path);
    const open = method && surroundings.monitor.begin({ method: method.name, protocol: "grpc" });
    watchAnswer(call, surroundings.connections, open);
    if (method === undefined || open === undefined) return new ServerInterceptingCall(call);
    return new ServerInterceptingCall(call, {
      start: (next) => next(listenerOf(surroundings, { method, open, call })),
    });
  };
}

/**
 * Sees everything that is sent, what grpc-js answers by itself included: that a message is too large, or a deadline has
 * passed. Interceptors hear of neither.
 */
function watchAnswer(
  call: ServerInterceptingCallInterface,
  connections: GrpcConnections,
  open: OpenCall | undefined,
): void {
  const pings = connections.policyOf(call.getPeer());
  const sendMessage = call.sendMessage.bind(call);
  const sendStatus = call.sendStatus.bind(call);
  call.sendMessage = (message, callback) => {
    pings?.sent();
    open?.sent(message.byteLength);
    sendMessage(message, callback);
  };
  call.sendStatus = (end) => {
    pings?.sent();
    open?.end(statusCodeFromNumber(end.code ?? status.OK), end.details ?? "");
    sendStatus(end);
  };
}

interface WatchedCall {
  readonly method: AnyMethod;
  readonly open: OpenCall;
  readonly call: ServerInterceptingCallInterface;
}

function listenerOf(
  { guard, requestTimeoutMs }: CallSurroundings,
  { method, open, call }: WatchedCall,
): ServerListener {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    onReceiveMetadata(metadata, pass) {
      try {
        guard(method, toHeaders(metadata));
      } catch (error) {
        call.sendStatus(toGrpcStatus(error));
        return;
      }
      const details = `the request did not arrive within ${requestTimeoutMs} ms`;
      const expire = () => call.sendStatus({ code: status.DEADLINE_EXCEEDED, details });
      timer = setTimeout(expire, requestTimeoutMs);
      pass(metadata);
    },
    onReceiveMessage(message, pass) {
      open.received(message.byteLength);
      pass(message);
    },
    onReceiveHalfClose(pass) {
      clearTimeout(timer);
      pass();
    },
    onCancel() {
      clearTimeout(timer);
      open.end("CANCELLED");
    },
  };
}
