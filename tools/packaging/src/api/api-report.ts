import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  Extractor,
  ExtractorConfig,
  ExtractorLogLevel,
  type ExtractorMessage,
} from "@microsoft/api-extractor";
import type { PublicPackage } from "../packages/workspace.ts";

/** An entry of a package, and the declarations that its users' compilers read. */
export interface ApiEntry {
  readonly package: PublicPackage;
  /** What stands behind the package's name: `""`, `"/wire"`. */
  readonly subpath: string;
  /** The declarations, relative to the package. */
  readonly declarations: string;
}

/** What became of an entry's report. */
export interface ApiResult {
  /** Whether the committed report says something else than the declarations do. */
  readonly changed: boolean;
  /** Exports without documentation, and whatever else keeps the report from being whole. */
  readonly problems: readonly string[];
}

/** The entries of a package that have declarations. */
export function apiEntries(each: PublicPackage): ApiEntry[] {
  return Object.entries(each.manifest.exports ?? {}).flatMap(([subpath, target]) => {
    const declarations = typeof target === "string" ? undefined : target.import?.types;
    return declarations === undefined ? [] : [{ package: each, subpath: subpath.slice(1), declarations }];
  });
}

/** Where the reports of a package are committed. */
export function reportFolder({ folder }: PublicPackage): string {
  return join(folder, "api");
}

/** The file of an entry's report, in `reportFolder`. */
export function reportFile({ subpath }: ApiEntry): string {
  return `${subpath === "" ? "index" : subpath.slice(1).replaceAll("/", "-")}.api.md`;
}

/**
 * Compares an entry's report with its declarations; `write` brings it up to date.
 *
 * @param scratch - a folder for the report as it should be
 */
export function checkApi(entry: ApiEntry, scratch: string, write: boolean): ApiResult {
  const problems: string[] = [];
  const result = Extractor.invoke(configure(entry, scratch), {
    localBuild: write,
    messageCallback: (message) => {
      const problem = describe(message);
      message.handled = true;
      if (problem !== undefined) problems.push(problem);
    },
  });
  const report = readFileSync(join(scratch, reportFile(entry)), "utf8");
  const undocumented = undocumentedExports(report).map((name) => `${name} has no documentation`);
  return { changed: result.apiReportChanged, problems: [...problems, ...undocumented] };
}

/** The exports of which a report says that they are undocumented. */
function undocumentedExports(report: string): string[] {
  const lines = report.split("\n");
  return lines.filter((_line, index) => lines[index - 1] === "// @public (undocumented)");
}

/** The committed reports that belong to no entry any more. */
export function strayReports(each: PublicPackage): string[] {
  const folder = reportFolder(each);
  if (!existsSync(folder)) return [];
  const wanted = new Set(apiEntries(each).map(reportFile));
  return readdirSync(folder).filter((file) => !wanted.has(file));
}

function configure(entry: ApiEntry, scratch: string): ExtractorConfig {
  const { folder } = entry.package;
  mkdirSync(reportFolder(entry.package), { recursive: true });
  return ExtractorConfig.prepare({
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: join(folder, entry.declarations),
      compiler: { overrideTsconfig: COMPILER_OPTIONS },
      apiReport: {
        enabled: true,
        reportFileName: reportFile(entry),
        reportFolder: reportFolder(entry.package),
        reportTempFolder: scratch,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: "lf",
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Warning } },
        extractorMessageReporting: {
          default: { logLevel: ExtractorLogLevel.Warning },
          // Every export is public: there is no second ring to mark.
          "ae-missing-release-tag": { logLevel: ExtractorLogLevel.None },
          // What the exported types are made of may stay inside; its name does not matter to a user.
          "ae-forgotten-export": { logLevel: ExtractorLogLevel.None },
          // Read from the report: a member may speak for itself, an export may not.
          "ae-undocumented": { logLevel: ExtractorLogLevel.None },
        },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(folder, "package.json"),
  });
}

const COMPILER_OPTIONS = {
  compilerOptions: {
    target: "ES2022",
    module: "NodeNext",
    moduleResolution: "NodeNext",
    lib: ["ES2022", "ESNext.Disposable", "DOM"],
    types: ["node"],
    strict: true,
    skipLibCheck: true,
    noEmit: true,
  },
};

function describe({
  logLevel,
  messageId,
  text,
  sourceFilePath,
  sourceFileLine,
}: ExtractorMessage): string | undefined {
  // An outdated report comes back as the result.
  if (messageId.startsWith("console-")) return undefined;
  if (logLevel !== ExtractorLogLevel.Warning && logLevel !== ExtractorLogLevel.Error) return undefined;
  const place = sourceFilePath === undefined ? "" : ` (${sourceFilePath}:${sourceFileLine})`;
  return `${messageId}: ${text}${place}`;
}
