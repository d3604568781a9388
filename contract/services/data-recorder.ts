import { type ServiceContract } from "./service";

export const dataRecorder: ServiceContract = {
    name: "data-recorder",
    title: "Data recorder",
    purpose: "Writes the records of each topic to the data lake, as Parquet that Athena reads.",
    duties: {
        Files: [
            "One folder a topic and Korean day: `<topic>/dt=2026-11-27/<file>.parquet`. The day is that of the record's Kafka timestamp in " +
                "Seoul, not of the invocation; it is not in the file. A file belongs to one day: a batch that spans two makes two.",
            "The file's name is made of partition and offset of its first record, `<partition>-<offset>.parquet`, one file for each " +
                "partition and day in the event. A batch that comes again overwrites its files, and nothing is doubled.",
            "Columns are those that [Kafka topics](#kafka-topics) names, with their types. Zstandard or Snappy; row groups sorted by symbol.",
            "An event has at most 6 MB, so files are small: a few MB. Never read, merge or delete files here.",
            "Upload with a single `PutObject`; encryption is the bucket's own, no header is needed.",
        ],
        Records: [
            "A record that cannot be read (no JSON, another `schemaVersion`) must not stop its partition: log an error with topic, " +
                "partition and offset, and go on. It is still in Kafka.",
            "A handler that fails gets the whole batch again, up to ten times; then the batch is set aside for people.",
            "It begins with the oldest records that Kafka has (`TRIM_HORIZON`), and with several batches at a time, one a partition.",
        ],
    },
    health: ["No health check: Lambda invokes it when a batch is full, or its window is over."],
    lifecycle: [
        "Batches wait up to the batch window to fill: minutes between a record and its file are normal.",
        "Memory holds the event, its decoded records and the Parquet file at the same time: about ten times the event.",
    ],
    sends: ["Objects to the data lake, through S3's gateway endpoint. It reaches nothing else."],
    reads: ["invocation-kafka", "topic-ticks", "topic-quotes", "topic-orders", "topic-executions"],
    writes: [],
    libraries: ["frozen"],
};
