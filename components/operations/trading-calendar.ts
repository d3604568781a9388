/** A time in which a market trades, as times of day in Korea: `09:00`. */
export interface TradingSession {
    readonly market: string;
    readonly opens: string;
    readonly closes: string;
}

/** When the market trades. Korea has no daylight saving. */
export interface TradingCalendar {
    /** Sessions of an ordinary day, Monday to Friday. */
    readonly sessions: readonly TradingSession[];
    /** Weekdays without trading: `2027-02-08`. */
    readonly closedDays: readonly { readonly day: string }[];
    /** Days with other sessions than the ordinary ones. */
    readonly lateDays: readonly { readonly day: string; readonly sessions: readonly TradingSession[] }[];
}

/** The calendar, and from when to when feeds run at all. */
export interface TradingTimes {
    calendar: TradingCalendar;
    /** Feeds run from `start` to `stop`: outside, they have nothing to send. */
    schedule: { start: string; stop: string };
}

/**
 * What an alarm minds: `sessions` while a market is open, `day` from the start of the feeds to the end of the day's last
 * session, pauses included.
 */
export type TradingWhen = "sessions" | "day";

/** Seconds that Korea is ahead of UTC. */
const korea = 9 * 3600;
/** Of 1 January 1970, counted from Monday. */
const firstWeekday = 3;

/**
 * Expressions of CloudWatch's metric math, by id, whose last, `trading`, is 1 while the named markets trade and 0
 * otherwise. They read the time of each data point of a metric `clock`, which must be there all the time. So the alarm
 * itself knows the calendar: muting it instead would still tell of it on EventBridge, and page as soon as a session opens,
 * because a muted alarm acts when its mute ends.
 */
export function tradingSteps(
    { calendar, schedule }: TradingTimes,
    markets: readonly string[],
    when: TradingWhen,
): Record<string, string> {
    const inSessions = (sessions: readonly TradingSession[]): string => {
        const times = windows(sessions, markets, schedule, when);
        return times.length === 0 ? "0" : times.map(([from, to]) => `(now >= ${from} AND now < ${to})`).join(" OR ");
    };
    const onDays = (days: readonly { day: string }[]): string =>
        days.map(({ day }) => `today == ${dayNumber(day)}`).join(" OR ");
    const closed = calendar.closedDays.length === 0 ? [] : [`IF(${onDays(calendar.closedDays)}, 0, `];
    const late = calendar.lateDays.map((each) => `IF(${onDays([each])}, ${inSessions(each.sessions)}, `);
    return {
        // Days since 1970, the day of the week from Monday, 0, and minutes since midnight, all of them in Korea.
        today: `FLOOR((EPOCH(clock) + ${korea}) / 86400)`,
        weekday: `today + ${firstWeekday} - 7 * FLOOR((today + ${firstWeekday}) / 7)`,
        now: `(EPOCH(clock) + ${korea} - 86400 * today) / 60`,
        trading:
            [...closed, ...late].join("") +
            `IF(weekday < 5, ${inSessions(calendar.sessions)}, 0)` +
            ")".repeat(closed.length + late.length),
    };
}

/** Times of the day, in minutes, that belong to the sessions: apart from each other, and in order. */
function windows(
    sessions: readonly TradingSession[],
    markets: readonly string[],
    schedule: TradingTimes["schedule"],
    when: TradingWhen,
): [from: number, to: number][] {
    const [start, stop] = [minutes(schedule.start), minutes(schedule.stop)];
    const all = sessions
        .filter(({ market }) => markets.includes(market))
        .map(({ opens, closes }): [number, number] => [minutes(opens), minutes(closes)])
        .sort(([a], [b]) => a - b);
    if (all.length === 0) {
        return [];
    }
    const wanted: [number, number][] =
        when === "sessions" ? all : [[Math.min(start, all[0]![0]), Math.max(...all.map(([, to]) => to))]];
    const joined: [number, number][] = [];
    for (const [from, to] of wanted) {
        const last = joined[joined.length - 1];
        if (last && from <= last[1]) {
            last[1] = Math.max(last[1], to);
        } else {
            joined.push([from, to]);
        }
    }
    return joined
        .map(([from, to]): [number, number] => [Math.max(from, start), Math.min(to, stop)])
        .filter(([from, to]) => from < to);
}

const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

const dayNumber = (day: string): number => Date.parse(day) / 86_400_000;
