import assert from "node:assert/strict";
import { weekdaysAt } from "../../../components/hot-path";

describe("weekdaysAt", () => {
    const cases: [time: string, expression: string][] = [
        ["08:30", "cron(30 8 ? * MON-FRI *)"],
        ["00:00", "cron(0 0 ? * MON-FRI *)"],
        ["09:05", "cron(5 9 ? * MON-FRI *)"],
        ["20:10", "cron(10 20 ? * MON-FRI *)"],
        ["23:59", "cron(59 23 ? * MON-FRI *)"],
    ];
    for (const [time, expression] of cases) {
        it(`makes ${expression} of ${time}`, () => {
            assert.equal(weekdaysAt(time), expression);
        });
    }

    for (const time of ["", "8:30", "24:00", "12:60", "08:30:00", " 08:30", "08:30\n", "noon"]) {
        it(`refuses ${JSON.stringify(time)}`, () => {
            assert.throws(() => weekdaysAt(time), {
                message: `market hours: "${time}" is not a time of day; it must be HH:MM, from 00:00 to 23:59`,
            });
        });
    }
});
