import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { drawBarChart } from "./bar-chart.ts";
import { describeEnvironment } from "./environment.ts";
import { renderResults } from "./results-page.ts";
import type { SectionReport } from "./section-report.ts";
import type { StoredSection } from "./stored-section.ts";

/**
 * Where results are kept: one JSON file for each section, so that a run of some
 * sections leaves the others as they are, and the page with its charts that is
 * rendered from all of them.
 */
export class ResultsFolder {
  readonly #folder: string;
  readonly #notes: string;

  /**
   * @param folder - where results go
   * @param notes - a folder with what was written by hand about a section: `<id>.md`
   */
  constructor(folder: string, notes: string) {
    this.#folder = folder;
    this.#notes = notes;
  }

  store(id: string, command: string, report: SectionReport): void {
    const stored: StoredSection = {
      id,
      measuredAt: new Date().toISOString(),
      command,
      environment: describeEnvironment(report.packages),
      report,
    };
    const path = this.#sectionFile(id);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, `${JSON.stringify(stored, null, 2)}\n`);
  }

  /** Renders what is stored of the sections, in their order. */
  render(ids: readonly string[]): void {
    const sections = ids.filter((id) => existsSync(this.#sectionFile(id))).map((id) => this.#read(id));
    const charts = join(this.#folder, "charts");
    rmSync(charts, { recursive: true, force: true });
    mkdirSync(charts, { recursive: true });
    for (const chart of sections.flatMap(({ report }) => report.charts)) {
      writeFileSync(join(charts, `${chart.name}.svg`), drawBarChart(chart));
    }
    writeFileSync(
      this.pageFile,
      renderResults(sections, (id) => this.#notesOn(id)),
    );
  }

  get pageFile(): string {
    return join(this.#folder, "RESULTS.md");
  }

  #read(id: string): StoredSection {
    return JSON.parse(readFileSync(this.#sectionFile(id), "utf8")) as StoredSection;
  }

  #sectionFile(id: string): string {
    return join(this.#folder, "results", `${id}.json`);
  }

  #notesOn(id: string): string | undefined {
    const path = join(this.#notes, `${id}.md`);
    return existsSync(path) ? readFileSync(path, "utf8").trim() : undefined;
  }
}
