import { latestDay, servedHours, startMinutes } from "../market-calendar";
import { at, type Diagnostic } from "../problems";
import { type Settings } from "../schema";
import { type Rule, wrong } from "./rule";

function* startBeforeStop({ schedule: { start, stop } }: Settings): Iterable<Diagnostic> {
    if (start >= stop) {
        yield wrong(
            at("schedule", "stop"),
            stop,
            `must be later than start, ${start}`,
            start < servedHours().stop ? servedHours().stop : "23:59",
        );
    }
}

function* scheduleServesSessions({ environment, schedule }: Settings): Iterable<Diagnostic> {
    if (environment.disposable || schedule.start >= schedule.stop) {
        return;
    }
    const { start, stop } = servedHours();
    if (schedule.start > start) {
        yield wrong(
            at("schedule", "start"),
            schedule.start,
            `must be ${start} or earlier: trading begins ${startMinutes} minutes later, and only disposable stacks may miss a session`,
            start,
        );
    }
    if (schedule.stop < stop) {
        yield wrong(
            at("schedule", "stop"),
            schedule.stop,
            `must be ${stop} or later: that is when trading ends on ${latestDay.name}, and only disposable stacks may miss a session`,
            stop,
        );
    }
}

/** Rules about the schedule. */
export const scheduleRules: Rule[] = [startBeforeStop, scheduleServesSessions];
