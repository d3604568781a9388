/** What nobody can read off the program: what a service is for, and what it owes the others. */
export interface ServiceContract {
    /** Name of the section, of the image and of its repository; strategies and feeds share one each. */
    name: string;
    title: string;
    /** What it is for, in a few sentences. */
    purpose: string;
    /** What it must do, by subject. Each is a list of sentences in markdown. */
    duties: Record<string, string[]>;
    /** Health of the process: what `/healthcheck` asks, or why there is none. */
    health: string[];
    /** How it begins, and how it ends. */
    lifecycle: string[];
    /** What it sends, beside what its rights show. */
    sends: string[];
    /** Ids of messages that it reads or gets. */
    reads: string[];
    /** Ids of messages that it writes. */
    writes: string[];
    /** Keys of the libraries that it is likely to use. */
    libraries: string[];
}
