import { type AttemptRecord, VectronError } from "@vectron/core";
import type { BackEnd } from "./back-end.ts";
import { openClients, type TransportName } from "./clients.ts";
import { type Attempt, type Fault, impossible, type Outcome } from "./fault.ts";
import { allMethods } from "./methods/all-methods.ts";
import type { MethodCase } from "./methods/method-case.ts";
import { expired, goodToken } from "./tokens.ts";

/** One method under one fault over one transport. */
export interface Cell {
  readonly fault: Fault;
  readonly method: MethodCase;
  readonly transport: TransportName;
}

/** A hang guard: no promise is about time, and what is slow on a busy machine is not wrong. */
const GUARD_MS = 30_000;

let cells = 0;

/** What became of a cell. */
export interface CellResult {
  readonly cell: Cell;
  readonly outcome: Outcome;
}

/** Makes every call that can be made under a fault over a transport, all at once. */
export async function runCells(
  fault: Fault,
  transport: TransportName,
  shared: BackEnd,
): Promise<readonly CellResult[]> {
  const cells = allMethods
    .filter((method) => impossible(fault, method, transport) === undefined)
    .map((method) => ({ fault, method, transport }));
  if (cells.length === 0) return [];
  const own = await fault.ownBackEnd?.(cells.length);
  try {
    const run = async (cell: Cell) => ({
      cell,
      outcome: await runCell(cell, own ?? shared, own?.stage ?? fault.stage),
    });
    return await Promise.all(cells.map(run));
  } finally {
    await own?.close();
  }
}

async function runCell(
  { method, transport }: Cell,
  backEnd: BackEnd,
  stage: Fault["stage"],
): Promise<Outcome> {
  cells += 1;
  const act = await method.arrange(backEnd.direct, `cell-${cells}`);
  const token = act.token ?? goodToken(backEnd.jwtSecret);
  const ports = backEnd.ports[method.service];
  const scene = await stage({
    method,
    transport,
    port: transport === "grpc" ? ports.grpc : ports.http,
    token,
    expiredToken: expired(token, backEnd.jwtSecret),
  });
  const clients = openClients(transport, scene, {
    auth: token,
    timeoutMs: GUARD_MS,
    retry: { initialDelayMs: 1, maxDelayMs: 10 },
    ...scene.options,
  });
  try {
    await scene.ready?.(clients, method);
    const outcome = await outcomeOf((onResponse) =>
      act.call(clients, { onResponse, ...(scene.timeIsUp && { signal: timeout(scene.timeIsUp) }) }),
    );
    if (outcome.ends === "ok") await act.check();
    return outcome;
  } finally {
    await clients.close();
    await scene.close();
  }
}

type Attempts = { readonly attempts: readonly AttemptRecord[] };

async function outcomeOf(call: (onResponse: (info: Attempts) => void) => Promise<unknown>): Promise<Outcome> {
  let response: Attempts | undefined;
  try {
    await call((info) => {
      response = info;
    });
    return { ends: "ok", attempts: story(response?.attempts ?? []) };
  } catch (error) {
    if (!(error instanceof VectronError) || error.method === undefined || error.requestId === undefined)
      throw error;
    const cause = rootCode(error);
    return { ends: error.name, attempts: story(error.attempts), ...(cause !== undefined && { cause }) };
  }
}

function story(attempts: readonly AttemptRecord[]): Attempt[] {
  const words = { no: "not sent", yes: "sent", unknown: "perhaps sent" } as const;
  return attempts.map(({ code, requestSent }) =>
    code === "OK" ? "OK" : (`${code} ${words[requestSent]}` as const),
  );
}

/** The code of the last error in a chain of causes, where that error has one. */
function rootCode(error: Error): string | undefined {
  let last: Error & { code?: unknown } = error;
  while (last.cause instanceof Error) last = last.cause;
  return last === error || last.code === undefined ? undefined : String(last.code);
}

/** What `AbortSignal.timeout` gives, at a time that the fault decides on. */
function timeout(timeIsUp: Promise<void>): AbortSignal {
  const controller = new AbortController();
  void timeIsUp.then(() => controller.abort(new DOMException("the time is up", "TimeoutError")));
  return controller.signal;
}
