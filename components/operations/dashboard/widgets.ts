import { type Metric } from "../metrics";

/** What a widget shows; its place on the grid is found by {@link rows}. */
export interface Widget {
    type: "alarm" | "metric" | "text";
    /** Columns, of 24. */
    width: number;
    /** Rows. */
    height: number;
    properties: Record<string, unknown>;
}

/** One line of a graph. */
export interface Line {
    /** Left out, CloudWatch names the lines of an expression after what it finds. */
    label?: string;
    /** A metric, or an expression over the metrics of the graph by their ids. */
    show: Metric<string> | { expression: string };
    /** Name for expressions; begins with a lower-case letter. */
    id?: string;
    /** Whether the metric only feeds an expression. */
    hidden?: boolean;
    /** Whether it is drawn against the axis on the right. */
    right?: boolean;
}

/** A graph over time of lines of one minute. */
export function graph(region: string, title: string, width: number, lines: Line[], leftLabel = ""): Widget {
    return {
        type: "metric",
        width,
        height: 6,
        properties: {
            title,
            region,
            view: "timeSeries",
            stacked: false,
            period: 60,
            metrics: lines.map(metricLine),
            yAxis: { left: { min: 0, label: leftLabel, showUnits: leftLabel === "" }, right: { min: 0 } },
        },
    };
}

/** Lines of a graph in as many graphs as it takes: beyond a hundred lines nobody sees anything. */
export function graphs(region: string, title: string, width: number, lines: Line[]): Widget[] {
    const pages = Math.ceil(lines.length / 100);
    return Array.from({ length: pages }, (_, page) =>
        graph(
            region,
            pages === 1 ? title : `${title} (${page + 1} of ${pages})`,
            width,
            lines.slice(100 * page, 100 * (page + 1)),
        ),
    );
}

/** Text in Markdown over the whole width. */
export function text(markdown: string): Widget {
    return { type: "text", width: 24, height: 2, properties: { markdown } };
}

/** The state of up to 100 alarms, which is what CloudWatch takes. */
export function alarmStates(title: string, alarmArns: string[]): Widget {
    return { type: "alarm", width: 24, height: 5, properties: { title, alarms: alarmArns.slice(0, 100) } };
}

/** Places widgets on the grid of 24 columns: from left to right, in a new row when the row is full or begins anew. */
export function rows(sections: Widget[][]): (Widget & { x: number; y: number })[] {
    const placed: (Widget & { x: number; y: number })[] = [];
    let y = 0;
    for (const section of sections) {
        let x = 0;
        let rowHeight = 0;
        for (const widget of section) {
            if (x + widget.width > 24) {
                y += rowHeight;
                x = 0;
                rowHeight = 0;
            }
            placed.push({ ...widget, x, y });
            x += widget.width;
            rowHeight = Math.max(rowHeight, widget.height);
        }
        y += rowHeight;
    }
    return placed;
}

function metricLine({ label, show, id, hidden, right }: Line): unknown[] {
    const options = {
        ...(label !== undefined && { label }),
        ...(id !== undefined && { id }),
        ...(hidden && { visible: false }),
        ...(right && { yAxis: "right" }),
    };
    if ("expression" in show) {
        return [{ expression: show.expression, ...options }];
    }
    const { namespace, metricName, dimensions, statistic } = show;
    return [namespace, metricName, ...Object.entries(dimensions).flat(), { stat: statistic, ...options }];
}
