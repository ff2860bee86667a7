package io.tidegate.spark.sink.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.DataStreamWriter;
import org.apache.spark.sql.streaming.StreamingQuery;
import scala.Option;

/**
 * Structured streams out of a folder: each file of JSON lines is a micro-batch, and Spark's checkpoint is beside it. A batch
 * whose commit Spark did not get to record, as after a kill behind the sink's commit, is made by {@link #forgetCommit}.
 */
public final class Streams {

    private final SparkSession spark;
    private final Path input;
    private final Path checkpoint;
    private int files;

    /** In a folder of its own. */
    public Streams(Path folder) throws IOException {
        spark = SparkSession.builder()
                .master("local[2]")
                .appName("streams")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "2")
                .config("spark.sql.session.timeZone", "Asia/Kathmandu")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .getOrCreate();
        input = Files.createDirectories(folder.resolve("input"));
        checkpoint = folder.resolve("checkpoint");
    }

    /** The stream, with columns as in SQL: {@code word STRING, n BIGINT}. */
    public Dataset<Row> of(String columns) {
        return spark.readStream()
                .schema(columns)
                .option("maxFilesPerTrigger", "1")
                .json(input.toString());
    }

    /** One more batch. */
    public Streams add(String... lines) throws IOException {
        Path unfinished = Files.writeString(input.resolve(".unfinished"), String.join("\n", lines), UTF_8);
        files++;
        Files.move(unfinished, input.resolve("batch-%03d.json".formatted(files)), StandardCopyOption.ATOMIC_MOVE);
        return this;
    }

    /** Runs until everything that is there has been processed; throws what the query throws. */
    public void run(DataStreamWriter<Row> writer) throws Exception {
        StreamingQuery query =
                writer.option("checkpointLocation", checkpoint.toString()).start();
        try {
            query.processAllAvailable();
        } finally {
            query.stop();
        }
    }

    /** Spark no longer knows that the newest batch is done, and runs it again. */
    public void forgetCommit() throws IOException {
        Path commits = checkpoint.resolve("commits");
        try (Stream<Path> all = Files.list(commits)) {
            Path newest = all.filter(file -> file.getFileName().toString().matches("\\d+"))
                    .max(Comparator.comparingInt(
                            file -> Integer.parseInt(file.getFileName().toString())))
                    .orElseThrow();
            Files.delete(newest);
            Files.deleteIfExists(commits.resolve("." + newest.getFileName() + ".crc"));
        }
    }

    /** Ends the Spark that all tests of a class share, if one of them has begun it. */
    public static void stopSpark() {
        Option<SparkSession> begun = SparkSession.getDefaultSession();
        if (begun.isDefined()) {
            begun.get().stop();
        }
    }
}
