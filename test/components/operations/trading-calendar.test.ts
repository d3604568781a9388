import assert from "node:assert/strict";
import { platformAlarms, type AlarmSpec } from "../../../components/operations/alarms";
import { tradingSteps, type TradingTimes, type TradingWhen } from "../../../components/operations/trading-calendar";
import { calendarEnds, calendarRunsOut, closedDays, lateDays, sessions } from "../../../settings/market-calendar";
import { evaluate, evaluateQueries, type Point } from "../../support/metric-math";
import { record } from "../../support/record";
import { platform, scope, trading } from "./platform";

/** Seconds since 1970 of a time in Korea. */
const at = (day: string, time: string): number => Date.parse(`${day}T${time}:00+09:00`) / 1000;

/** Times at which an alarm minds a day, as `08:00-08:50`. */
function minded(day: string, markets: string[], when: TradingWhen = "sessions", times: TradingTimes = trading): string {
    const steps = tradingSteps(times, markets, when);
    const spans: string[] = [];
    let open = false;
    for (let minute = 0; minute <= 24 * 60; minute++) {
        const time = `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
        const value =
            minute === 24 * 60
                ? 0
                : evaluateQueries({ expression: "trading", steps }, { clock: 4 }, at(day, "00:00") + 60 * minute);
        assert.ok(value === 0 || value === 1, `${day} ${time}: ${value}`);
        if ((value === 1) !== open) {
            open = value === 1;
            spans.push(open ? time : `${spans.pop()}-${time}`);
        }
    }
    return spans.join(" ");
}

const both = ["KRX", "NXT"];
const ordinary = "08:00-08:50 09:00-15:30 15:40-20:00";

describe("the trading calendar in alarms", () => {
    const days: [what: string, day: string, KRX: string, NXT: string, both: string][] = [
        [
            "an ordinary Tuesday",
            "2027-03-02",
            "09:00-15:30 16:00-20:00",
            "08:00-08:50 09:00-15:20 15:40-20:00",
            ordinary,
        ],
        [
            "a Monday, whose first session is still Sunday in UTC",
            "2026-11-30",
            "09:00-15:30 16:00-20:00",
            "08:00-08:50 09:00-15:20 15:40-20:00",
            ordinary,
        ],
        ["a Friday", "2026-12-04", "09:00-15:30 16:00-20:00", "08:00-08:50 09:00-15:20 15:40-20:00", ordinary],
        ["a Saturday", "2026-12-05", "", "", ""],
        ["a Sunday", "2026-12-06", "", "", ""],
        ["Christmas", "2026-12-25", "", "", ""],
        ["KRX's year-end closing", "2026-12-31", "", "", ""],
        ["the day before it", "2026-12-30", "09:00-15:30 16:00-20:00", "08:00-08:50 09:00-15:20 15:40-20:00", ordinary],
        [
            "the first trading day",
            "2027-01-04",
            "10:00-15:30 16:00-20:00",
            "10:00-15:20 15:40-20:00",
            "10:00-15:30 15:40-20:00",
        ],
        ["Chuseok", "2027-09-15", "", "", ""],
        ["a substitute holiday", "2027-10-11", "", "", ""],
        ["the exam day", "2027-11-18", "10:00-16:30 17:00-20:00", "10:00-16:20 16:30-20:00", "10:00-20:00"],
        ["the last day that the calendar knows", "2027-12-31", "", "", ""],
    ];
    for (const [what, day, krx, nxt, all] of days) {
        it(`knows ${what}, ${day}`, () => {
            assert.equal(minded(day, ["KRX"]), krx);
            assert.equal(minded(day, ["NXT"]), nxt);
            assert.equal(minded(day, both), all);
        });
    }

    it("counts a day from the start of the feeds to the end of the last session", () => {
        assert.equal(minded("2027-03-02", both, "day"), "07:50-20:00");
        assert.equal(minded("2027-11-18", ["KRX"], "day"), "07:50-20:00");
        assert.equal(minded("2027-09-15", both, "day"), "");
    });

    it("minds nothing while feeds are stopped", () => {
        const schedule = { start: "08:30", stop: "15:45" };
        assert.equal(
            minded("2027-03-02", both, "sessions", { ...trading, schedule }),
            "08:30-08:50 09:00-15:30 15:40-15:45",
        );
        assert.equal(minded("2027-03-02", both, "day", { ...trading, schedule }), "08:30-15:45");
        assert.equal(
            minded("2027-03-02", both, "sessions", { ...trading, schedule: { start: "21:00", stop: "22:00" } }),
            "",
        );
    });

    it("does without closed and late days, and without markets", () => {
        const calendar = { sessions, closedDays: [], lateDays: [] };
        assert.equal(minded("2026-12-25", both, "sessions", { ...trading, calendar }), ordinary);
        assert.equal(minded("2027-03-02", []), "");
    });
});

describe("an alarm on silent market data", () => {
    let alarm: AlarmSpec;
    let measure: Extract<AlarmSpec["measure"], { expression: string }>;
    before(async () => {
        await record(() => {
            alarm = platformAlarms(scope, platform(), trading).find(
                ({ name }) => name === "ingestion-krx-silent-ticks",
            )!;
        });
        assert.ok("expression" in alarm.measure);
        measure = alarm.measure;
    });

    /** Whether it is in alarm at a time, from what its metrics were in the minutes before. */
    const alarms = (day: string, time: string, point: (seconds: number) => Point): boolean => {
        const end = at(day, time);
        const breaching = Array.from({ length: alarm.evaluationPeriods }, (_, index) => {
            const seconds = end - alarm.periodSeconds * (index + 1);
            const value = evaluateQueries(measure, point(seconds), seconds);
            return value === undefined ? alarm.treatMissingData === "breaching" : value < alarm.threshold;
        });
        return breaching.filter(Boolean).length >= alarm.datapointsToAlarm;
    };
    const silent = (): Point => ({ clock: 4, broker1: undefined, broker2: undefined });
    const flowing = (): Point => ({ clock: 4, broker1: 0, broker2: 5000 });

    const moments: [day: string, time: string, alarm: boolean][] = [
        ["2027-03-02", "07:59", false],
        ["2027-03-02", "08:04", false],
        ["2027-03-02", "08:05", true],
        ["2027-03-02", "08:50", true],
        ["2027-03-02", "08:55", false],
        ["2027-03-02", "09:00", false],
        ["2027-03-02", "09:05", true],
        ["2027-03-02", "15:35", false],
        ["2027-03-02", "19:59", true],
        ["2027-03-02", "21:00", false],
        ["2027-03-03", "03:00", false],
        ["2027-11-18", "09:30", false],
        ["2027-11-18", "10:05", true],
        ["2027-09-15", "10:30", false],
        ["2026-12-05", "10:30", false],
    ];
    for (const [day, time, expected] of moments) {
        it(`${expected ? "goes off" : "is quiet"} on ${day} at ${time} without data, and is quiet with it`, () => {
            assert.equal(alarms(day, time, silent), expected);
            assert.equal(alarms(day, time, flowing), false);
        });
    }

    it("goes off at any time when Kafka sends nothing at all", () => {
        assert.equal(
            alarms("2026-12-05", "10:30", () => ({ clock: undefined, broker1: undefined, broker2: undefined })),
            true,
        );
    });
});

describe("the market's calendar", () => {
    it("has closed and late days in order, on weekdays, within the time it knows", () => {
        for (const days of [closedDays, lateDays].map((each) => each.map(({ day }) => day))) {
            assert.deepEqual(days, [...new Set(days)].sort());
            for (const day of days) {
                assert.ok(![0, 6].includes(new Date(day).getUTCDay()), day);
                assert.ok(day >= "2026-12-01" && day <= calendarEnds, day);
            }
        }
    });

    it("says two months before that it ends", () => {
        assert.equal(calendarRunsOut("2026-11-27"), undefined);
        assert.equal(calendarRunsOut("2027-10-31"), undefined);
        assert.match(
            calendarRunsOut("2027-11-01")!,
            /ends on 2027-12-31: add the closed and late days of the next year/,
        );
        assert.match(calendarRunsOut("2028-05-01")!, /ends on 2027-12-31/);
    });
});

describe("metric math", () => {
    const value = (text: string, point: Point = {}): number | undefined => evaluate(text, point, 86_400);
    const rows: [text: string, point: Point, result: number | undefined][] = [
        ["2 + 3 * 4 - 6 / 2", {}, 11],
        ["1 == 1 AND 2 < 1 OR 3 >= 3", {}, 1],
        ["IF(a > 1, 10, 20)", { a: 2 }, 10],
        ["IF(a > 1, 10, 20)", { a: undefined }, undefined],
        ["FILL(a, 0) + 1", { a: undefined }, 1],
        ["a + 1", { a: undefined }, undefined],
        ["EPOCH(a)", { a: 0 }, 86_400],
        ["FLOOR(7 / 2)", {}, 3],
    ];
    for (const [text, point, result] of rows) {
        it(`${text} with ${JSON.stringify(point)}`, () => assert.equal(value(text, point), result));
    }

    it("refuses what it does not know", () => {
        assert.throws(() => value("b + 1"), /names "b"/);
        assert.throws(() => value("RATE(1)"), /function RATE/);
        assert.throws(() => value("1 +"), /out of place/);
        assert.throws(() => value("(1"), /is missing/);
        assert.throws(() => value("1 % 2"), /cannot read/);
        assert.throws(() => value("1 2"), /out of place/);
    });
});
