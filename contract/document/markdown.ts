// Pieces of markdown. How they are laid out is prettier's.

export const paragraph = (...sentences: string[]): string => sentences.join(" ");

export const bullets = (items: string[]): string => items.map((item) => `- ${item}`).join("\n");

export const code = (language: string, text: string): string => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;

export const json = (value: unknown): string => code("json", JSON.stringify(value, null, 4));

export const quoted = (text: string): string => `\`${text}\``;

/** A table; a vertical bar inside a cell is no border. */
export function table(head: string[], rows: string[][]): string {
    const line = (cells: string[]): string =>
        `| ${cells.map((cell) => cell.replace(/\s*\n\s*/g, " ").replace(/\|/g, "\\|")).join(" | ")} |`;
    return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Anchor of a heading, as GitHub makes it. */
export const anchor = (heading: string): string =>
    heading
        .toLowerCase()
        .replace(/[^\w\- ]/g, "")
        .replace(/ /g, "-");
