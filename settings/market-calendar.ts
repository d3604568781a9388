/** KRX, the exchange, or NXT, the alternative trading system. */
export const markets = ["KRX", "NXT"] as const;
type Market = (typeof markets)[number];

/** A time in which a market trades, Korean time (there is no daylight saving). */
export interface Session {
    market: Market;
    name: string;
    /** Time of day: `09:00`. */
    opens: string;
    closes: string;
}

/** Sessions of an ordinary day, Monday to Friday, as of September 2026, when KRX's after-market began. */
export const sessions: readonly Session[] = [
    { market: "NXT", name: "pre-market", opens: "08:00", closes: "08:50" },
    { market: "NXT", name: "main market", opens: "09:00", closes: "15:20" },
    { market: "KRX", name: "regular session", opens: "09:00", closes: "15:30" },
    { market: "NXT", name: "after-market", opens: "15:40", closes: "20:00" },
    { market: "KRX", name: "after-market", opens: "16:00", closes: "20:00" },
];

/** The last day that {@link closedDays} and {@link lateDays} know. Beyond it, every weekday counts as an ordinary one. */
export const calendarEnds = "2027-12-31";

/**
 * Weekdays without trading, from December 2026 to {@link calendarEnds}. Public and substitute holidays are those of the
 * official gazette for 2027 (as in the npm package @hyunbinseo/holidays-kr 5.2027.1); KRX closes on 31 December besides.
 * A temporary holiday is announced weeks before: add it here.
 */
export const closedDays: readonly { day: string; reason: string }[] = [
    { day: "2026-12-25", reason: "Christmas" },
    { day: "2026-12-31", reason: "KRX's year-end closing" },
    { day: "2027-01-01", reason: "New Year" },
    { day: "2027-02-08", reason: "Seollal" },
    { day: "2027-02-09", reason: "Seollal, substitute" },
    { day: "2027-03-01", reason: "Independence Movement Day" },
    { day: "2027-05-03", reason: "Labour Day, substitute" },
    { day: "2027-05-05", reason: "Children's Day" },
    { day: "2027-05-13", reason: "Buddha's Birthday" },
    { day: "2027-07-19", reason: "Constitution Day, substitute" },
    { day: "2027-08-16", reason: "Liberation Day, substitute" },
    { day: "2027-09-14", reason: "Chuseok" },
    { day: "2027-09-15", reason: "Chuseok" },
    { day: "2027-09-16", reason: "Chuseok" },
    { day: "2027-10-04", reason: "National Foundation Day, substitute" },
    { day: "2027-10-11", reason: "Hangul Day, substitute" },
    { day: "2027-12-27", reason: "Christmas, substitute" },
    { day: "2027-12-31", reason: "KRX's year-end closing" },
];

/**
 * Days with sessions of their own, as KRX and NXT did it last: on the first trading day of 2026, and on the exam day of
 * 2025. KRX's after-market is younger than that exam day, and begins half an hour after the regular session here as it does
 * otherwise. Both markets announce such days weeks before: compare then.
 */
export const lateDays: readonly { day: string; reason: string; sessions: readonly Session[] }[] = [
    {
        day: "2027-01-04",
        reason: "the first trading day of the year",
        sessions: [
            { market: "NXT", name: "main market", opens: "10:00", closes: "15:20" },
            { market: "KRX", name: "regular session", opens: "10:00", closes: "15:30" },
            { market: "NXT", name: "after-market", opens: "15:40", closes: "20:00" },
            { market: "KRX", name: "after-market", opens: "16:00", closes: "20:00" },
        ],
    },
    {
        day: "2027-11-18",
        reason: "the university entrance exam",
        sessions: [
            { market: "NXT", name: "main market", opens: "10:00", closes: "16:20" },
            { market: "KRX", name: "regular session", opens: "10:00", closes: "16:30" },
            { market: "NXT", name: "after-market", opens: "16:30", closes: "20:00" },
            { market: "KRX", name: "after-market", opens: "17:00", closes: "20:00" },
        ],
    },
];

/** When which market trades, for alarms that mean something only then. */
export const marketCalendar = { sessions, closedDays, lateDays };

/** The one day of the year on which sessions may end later than on others. */
export const latestDay = { name: "the day of the university entrance exam, a Thursday in November", minutesLater: 60 };

/** Minutes that services get to start and connect before the first session. */
export const startMinutes = 10;

/** From when to when services must run to be there for all sessions of any day. */
export function servedHours(): { start: string; stop: string } {
    const opens = Math.min(...sessions.map((session) => minutes(session.opens)));
    const closes = Math.max(...sessions.map((session) => minutes(session.closes)));
    return { start: timeOfDay(opens - startMinutes), stop: timeOfDay(closes + latestDay.minutesLater) };
}

/** What to say when the calendar ends within two months of a day, `2027-11-05`; undefined before. */
export function calendarRunsOut(today: string): string | undefined {
    const left = Math.floor((Date.parse(calendarEnds) - Date.parse(today)) / 86_400_000);
    return left > 60
        ? undefined
        : `The market's calendar ends on ${calendarEnds}: add the closed and late days of the next year to settings/market-calendar.ts, or alarms take its holidays for days of trading.`;
}

const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

const timeOfDay = (minutes: number): string =>
    `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
