export { AccessLogs, type AccessLogsArgs } from "./access-logs";
export { DataLake, type DataLakeArgs, type DataLakeSettings } from "./data-lake";
export { type Column, recordColumns, tableName, topicsWithColumns } from "./lake-columns";
export { Kafka, type KafkaArgs, type KafkaSettings } from "./kafka";
export { type TopicSettings } from "./kafka-replication";
export { Postgres, type PostgresArgs, type PostgresSettings } from "./postgres";
export { Redis, type RedisArgs, type RedisSettings } from "./redis";
export { type RedisEngine } from "./redis-engine";
export { DataLayer, type DataLayerArgs } from "./data-layer";
