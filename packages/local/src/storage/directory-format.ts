import { open, readdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { PageFile } from "./page-file.ts";
import { damaged, systemFailure, unusable } from "./storage-errors.ts";
import { syncDirectory } from "./sync-directory.ts";

const FILE = "format.json";
const FORMAT = "vectron-local";
/** The version that this code writes, and the highest that it reads. */
const VERSION = 1;

const DATA_FILE = "data.mdb";

/** What may lie in a directory whose creation was cut short. */
const BEFORE_FORMAT = /^((lock|data)\.mdb(-lock)?|lock\.json|format\.json\.new|room-\d+)$/;

/**
 * Checks that a directory, which exists, is empty or written by a version that
 * this one understands. Nothing is changed.
 *
 * @returns whether it has a format yet
 * @throws FailedPreconditionError when it is something else, or of a newer version
 * @throws DataLossError when its format cannot be read
 */
export async function checkFormat(directory: string): Promise<boolean> {
  const names = await readdir(directory).catch((error: unknown) => {
    throw systemFailure(`cannot read the directory ${directory}`, error);
  });
  if (names.includes(FILE)) {
    const text = await readFile(join(directory, FILE), "utf8").catch((error: unknown) => {
      throw systemFailure(`cannot read ${join(directory, FILE)}`, error);
    });
    checkVersion(directory, text);
    return true;
  }
  const isUsed = (name: string) => name === DATA_FILE && !PageFile.isBlank(join(directory, name));
  const other = names.find((name) => !BEFORE_FORMAT.test(name) || isUsed(name));
  if (other === undefined) return false;
  throw unusable(`${directory} is not a directory of Vectron: it has "${other}", and no ${FILE}`);
}

/** Marks a directory as one of this version. The mark is there whole, or not at all. */
export async function writeFormat(directory: string): Promise<void> {
  const draft = join(directory, `${FILE}.new`);
  const file = await open(draft, "w");
  try {
    await file.writeFile(`${JSON.stringify({ format: FORMAT, version: VERSION })}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, join(directory, FILE));
  await syncDirectory(directory);
}

function checkVersion(directory: string, text: string): void {
  const path = join(directory, FILE);
  const { format, version } = parse(path, text);
  if (format !== FORMAT) throw unusable(`${path} is not of Vectron: its format is ${JSON.stringify(format)}`);
  if (typeof version !== "number" || !Number.isInteger(version) || version < 1) {
    throw damaged(path, `its version is ${JSON.stringify(version)}`);
  }
  if (version <= VERSION) return;
  throw unusable(
    `${directory} was written by a newer @vectron/local, in format ${version}; this one knows formats up to ` +
      `${VERSION}: upgrade it, or import an export of the data`,
  );
}

function parse(path: string, text: string): { readonly format?: unknown; readonly version?: unknown } {
  try {
    const content: unknown = JSON.parse(text);
    if (typeof content === "object" && content !== null) return content;
  } catch (error) {
    throw damaged(path, "it is not JSON", error);
  }
  throw damaged(path, "it is not a JSON object");
}
