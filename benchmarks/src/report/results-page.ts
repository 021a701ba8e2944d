import type { Environment } from "./environment.ts";
import { formatSpread, formatValue } from "./format.ts";
import { type Bar, isMet, type SectionReport, type Table } from "./section-report.ts";
import type { StoredSection } from "./stored-section.ts";

/**
 * The page of results, as Markdown.
 *
 * @param notesOn - what was written by hand about a section, if anything was
 */
export function renderResults(
  sections: readonly StoredSection[],
  notesOn: (id: string) => string | undefined,
): string {
  const parts = [
    INTRODUCTION,
    "## What is asked, and what was measured",
    renderBars(sections.flatMap(({ report }) => report.bars)),
    ...sections.flatMap((section) => renderSection(section, notesOn(section.id))),
  ];
  return `${parts.join("\n\n")}\n`;
}

const INTRODUCTION = `# Results

Written by \`npm run bench\`; not edited by hand. \`npm run bench -- --only codec,calls\` measures some sections again and leaves the
others as they were.

Figures are medians, with the lower and upper quartile of all rounds in brackets. Contenders take turns, in another order each
round, and ratios are taken between rounds that were next to each other: absolute figures do not travel from machine to
machine, ratios do. CPU time is what the operating system charged the client's own process, user and system, all threads;
servers run in processes of their own.`;

function renderBars(bars: readonly Bar[]): string {
  return renderTable({
    title: "",
    columns: ["what", "asked", "measured", ""],
    rows: bars.map((bar) => {
      const { kind, value, unit } = bar.limit;
      return [
        bar.what,
        `${kind} ${formatValue(value, unit)}`,
        formatSpread(bar.measured, unit),
        isMet(bar) ? "met" : "**missed**",
      ];
    }),
  });
}

function renderSection(section: StoredSection, notes: string | undefined): string[] {
  const { title, about, tables, charts, remarks } = section.report;
  return [
    `## ${title}`,
    about,
    ...tables.map(renderTable),
    ...charts.map((chart) => `![${chart.title}](charts/${chart.name}.svg)`),
    ...remarks,
    ...(notes === undefined ? [] : [notes]),
    renderOrigin(section),
  ];
}

/** A table in Markdown: names to the left, figures to the right. */
function renderTable({ title, columns, rows }: Table): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const rule = columns.map((_, column) => (column === 0 ? "---" : "---:"));
  const table = [line(columns), line(rule), ...rows.map(line)].join("\n");
  return title === "" ? table : `${title}:\n\n${table}`;
}

function renderOrigin({ measuredAt, command, environment }: StoredSection): string {
  return `<sub>${measuredAt.slice(0, 16).replace("T", " ")} UTC, \`${command}\`, ${describe(environment)}.</sub>`;
}

function describe({ processor, processors, memoryGiB, system, node, packages }: Environment): string {
  const versions = Object.entries(packages).map(([name, version]) => `${name} ${version}`);
  return [`${processors} x ${processor}`, `${memoryGiB} GiB`, system, `Node ${node}`, ...versions].join(", ");
}

/** A section for the terminal. */
export function renderForTerminal({ title, tables, bars, remarks }: SectionReport): string {
  const parts = [`# ${title}`, ...tables.map(renderTable), ...remarks];
  if (bars.length > 0) parts.push(renderBars(bars));
  return parts.join("\n\n");
}
