import { parentPort } from "node:worker_threads";
import { Graph } from "./graph.ts";
import type { GraphCalls, GraphReply, GraphRequest } from "./protocol.ts";

// The thread of the graphs: one call after another, in their order.

const graphs = new Map<number, Graph>();

const calls: GraphCalls = {
  open(graph, spec, path) {
    const opened = new Graph(spec, path);
    graphs.set(graph, opened);
    return opened.size;
  },
  add: (graph, rows) => graphOf(graph).add(rows),
  remove: (graph, entries) => graphOf(graph).remove(entries),
  settle: (graph) => graphOf(graph).settle(),
  search: (graph, query, count) => graphOf(graph).search(query, count),
  save: (graph) => graphOf(graph).save(),
  close(graph) {
    graphs.delete(graph);
  },
};

parentPort?.on("message", ({ id, name, parameters }: GraphRequest) => {
  parentPort?.postMessage(
    answer(id, () => (calls[name] as (...all: readonly unknown[]) => unknown)(...parameters)),
  );
});

function answer(id: number, call: () => unknown): GraphReply {
  try {
    return { id, value: call() };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}

function graphOf(number: number): Graph {
  const graph = graphs.get(number);
  if (graph === undefined) throw new Error(`there is no graph ${number}`);
  return graph;
}
