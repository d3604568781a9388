/** A time in which the market trades, Monday to Friday, Korean time (there is no daylight saving). */
export interface Session {
    /** KRX, the exchange, or NXT, the alternative trading system. */
    market: "KRX" | "NXT";
    name: string;
    /** Time of day: `09:00`. */
    opens: string;
    closes: string;
}

/** Sessions as of September 2026, when KRX's after-market began. */
export const sessions: readonly Session[] = [
    { market: "NXT", name: "pre-market", opens: "08:00", closes: "08:50" },
    { market: "NXT", name: "main market", opens: "09:00", closes: "15:20" },
    { market: "KRX", name: "regular session", opens: "09:00", closes: "15:30" },
    { market: "NXT", name: "after-market", opens: "15:40", closes: "20:00" },
    { market: "KRX", name: "after-market", opens: "16:00", closes: "20:00" },
];

/** Days without trading, on which services run for nothing. */
export const closedDays = "weekends, public and temporary holidays, and 31 December";

/** The one day of the year on which sessions are later. */
export const lateDay = { name: "the day of the university entrance exam, a Thursday in November", minutesLater: 60 };

/** Minutes that services get to start and connect before the first session. */
export const startMinutes = 10;

/** From when to when services must run to be there for all sessions of any day. */
export function servedHours(): { start: string; stop: string } {
    const opens = Math.min(...sessions.map((session) => minutes(session.opens)));
    const closes = Math.max(...sessions.map((session) => minutes(session.closes)));
    return { start: timeOfDay(opens - startMinutes), stop: timeOfDay(closes + lateDay.minutesLater) };
}

const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

const timeOfDay = (minutes: number): string =>
    `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
