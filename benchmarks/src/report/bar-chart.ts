import { formatValue } from "./format.ts";
import type { Chart, ChartEntry } from "./section-report.ts";

const WIDTH = 720;
const LABEL_WIDTH = 250;
const VALUE_WIDTH = 110;
const ROW_HEIGHT = 28;
const BAR_HEIGHT = 16;
const TITLE_HEIGHT = 40;

/** Colours for both themes of a page: the file is shown as an image, which a page's own styles do not reach. */
const STYLE = `
    text { font: 13px system-ui, sans-serif; fill: #24292f; }
    .title { font-weight: 600; }
    .bar { fill: #8c959f; }
    .own { fill: #0969da; }
    .spread { stroke: #24292f; stroke-width: 1.5; }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3; }
      .bar { fill: #6e7681; }
      .own { fill: #4493f8; }
      .spread { stroke: #e6edf3; }
    }`;

/** Draws figures as horizontal bars, each with a line from its lower to its upper quartile, as SVG. */
export function drawBarChart({ title, unit, entries }: Chart): string {
  const height = TITLE_HEIGHT + entries.length * ROW_HEIGHT + 8;
  const largest = Math.max(...entries.map(({ value }) => value.upper));
  const scale = (WIDTH - LABEL_WIDTH - VALUE_WIDTH) / (largest || 1);
  const rows = entries.map((entry, index) => {
    const y = TITLE_HEIGHT + index * ROW_HEIGHT;
    return drawRow(entry, { y, scale, text: formatValue(entry.value.median, unit) });
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escapeXml(title)}">
  <style>${STYLE}
  </style>
  <text class="title" x="0" y="20">${escapeXml(title)}</text>
${rows.join("\n")}
</svg>
`;
}

interface RowPlace {
  readonly y: number;
  readonly scale: number;
  readonly text: string;
}

function drawRow({ label, value, own }: ChartEntry, { y, scale, text }: RowPlace): string {
  const middle = y + BAR_HEIGHT / 2;
  const place = (figure: number) => (LABEL_WIDTH + figure * scale).toFixed(1);
  const width = Math.max(1, value.median * scale).toFixed(1);
  const after = (LABEL_WIDTH + value.upper * scale + 8).toFixed(1);
  return [
    `  <text x="${LABEL_WIDTH - 10}" y="${middle + 4.5}" text-anchor="end">${escapeXml(label)}</text>`,
    `  <rect class="bar${own ? " own" : ""}" x="${LABEL_WIDTH}" y="${y}" width="${width}" height="${BAR_HEIGHT}" rx="2"/>`,
    `  <line class="spread" x1="${place(value.lower)}" x2="${place(value.upper)}" y1="${middle}" y2="${middle}"/>`,
    `  <text x="${after}" y="${middle + 4.5}">${escapeXml(text)}</text>`,
  ].join("\n");
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
