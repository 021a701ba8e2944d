import { cpuMicros, measured, outcomeOf, perSecond, ratio } from "../harness/compare.ts";
import type { Effort, Outcome } from "../harness/interleave.ts";
import { interleaveProcesses, processContender } from "../harness/process-contender.ts";
import { formatSpread } from "../report/format.ts";
import type { Chart, Table } from "../report/section-report.ts";
import type { RunSettings, Section } from "../section.ts";
import { startDiscardingGrpcServer } from "../servers/discarding-grpc-server.ts";
import { startDiscardingHttpServer } from "../servers/discarding-http-server.ts";
import type { PeerTask } from "./peer-contender.ts";
import { chromaReplies, peerReplies } from "./peer-replies.ts";
import { PEERS, type PeerName } from "./peers.ts";

const CONTENDER = new URL("./peer-contender.ts", import.meta.url);
const NAMES = Object.keys(PEERS) as PeerName[];
const OWN: PeerName = "@vectron/node, gRPC";
const CHROMA: PeerName = "chromadb (vectors in base64)";

const POINTS = 256;
const DIMENSION = 768;
const IN_FLIGHT = 8;

/** Clients of other vector databases, each against a fake of its own server. */
export const peersSection: Section = {
  id: "peers",
  async run(settings) {
    const servers = await Promise.all([
      startDiscardingGrpcServer({ results: 10 }),
      startDiscardingHttpServer(peerReplies(POINTS)),
      startDiscardingHttpServer([...chromaReplies(), ...peerReplies(POINTS)]),
    ]);
    const [grpc, http, chroma] = servers;
    const addressOf = (peer: PeerName) => (peer === OWN ? grpc : peer === CHROMA ? chroma : http).address;
    try {
      const upsert = await measure(settings, "upsert", addressOf);
      const search = await measure(settings, "search", addressOf);
      return {
        title: "Clients of other vector databases",
        about: ABOUT,
        tables: [
          tableOf(`Upsert of ${POINTS} points of ${DIMENSION} dimensions`, upsert),
          tableOf(`Search, ${DIMENSION} dimensions, top 10`, search),
        ],
        bars: [],
        charts: [chartOf("peers-upsert", `Upsert of ${POINTS} x ${DIMENSION}`, upsert)],
        remarks: [],
        packages: ["@grpc/grpc-js", "@qdrant/js-client-rest", "@pinecone-database/pinecone", "chromadb"],
      };
    } finally {
      await Promise.all(servers.map((server) => server.stop()));
    }
  },
};

const ABOUT = `The same points and the same query, in the form that each client's documentation shows, ${IN_FLIGHT} calls in flight, against servers
that read requests to their end and answer at once with what the client's own server would. It shows what a client itself costs,
nothing of the databases. The newest versions that run on Node 20 are taken. The clients of Milvus and Weaviate are missing: both ask
their server for schemas and versions first, and bring 60 MB of packages.`;

const FULL: Effort = { rounds: 9, roundMs: 600, warmUpMs: 4_000 };
const QUICK: Effort = { rounds: 3, roundMs: 50, warmUpMs: 100 };

function measure(
  { quick, log }: RunSettings,
  call: PeerTask["call"],
  addressOf: (peer: PeerName) => string,
): Promise<Outcome[]> {
  log(call);
  return interleaveProcesses(
    NAMES.map((peer) =>
      processContender<PeerTask>(peer, CONTENDER, {
        peer,
        call,
        address: addressOf(peer),
        dimension: DIMENSION,
        points: POINTS,
        inFlight: IN_FLIGHT,
      }),
    ),
    quick ? QUICK : FULL,
  );
}

function tableOf(title: string, outcomes: readonly Outcome[]): Table {
  const own = outcomeOf(outcomes, OWN);
  return {
    title,
    columns: ["client", "CPU µs a call", "calls a second", `times ${OWN}, CPU`],
    rows: outcomes.map((outcome) => [
      outcome.name,
      formatSpread(measured(outcome, cpuMicros)),
      formatSpread(measured(outcome, perSecond)),
      formatSpread(ratio(outcome, own, cpuMicros), "x"),
    ]),
  };
}

function chartOf(name: string, title: string, outcomes: readonly Outcome[]): Chart {
  return {
    name,
    title: `${title}: client CPU time of a call`,
    unit: "µs",
    entries: outcomes.map((outcome) => ({
      label: outcome.name,
      value: measured(outcome, cpuMicros),
      own: outcome.name.startsWith("@vectron"),
    })),
  };
}
