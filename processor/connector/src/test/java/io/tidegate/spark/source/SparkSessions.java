package io.tidegate.spark.source;

import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.Reading;
import io.tidegate.protocol.v1.Request;
import io.tidegate.protocol.v1.TimeSource;
import io.tidegate.spark.client.internal.FakeGateway;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.DataStreamReader;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;

/** A small Spark, shared by the tests of a class, and what they ask it. */
final class SparkSessions {

    private SparkSessions() {}

    static SparkSession spark() {
        return SparkSession.builder()
                .master("local[2]")
                .appName("test")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "1")
                .config("spark.sql.session.timeZone", "UTC")
                .getOrCreate();
    }

    /** For the tests after these, which have a Spark of their own. */
    static void end() {
        spark().stop();
    }

    static DataFrameReader batch(String gateways, String from) {
        return spark().read().format("tidegate").option("gateway", gateways).option("from", from);
    }

    static DataStreamReader stream(String gateways, String from) {
        return spark().readStream()
                .format("tidegate")
                .option("gateway", gateways)
                .option("from", from);
    }

    /** Runs a stream over everything that is there, and gives the query when it has ended. */
    static StreamingQuery availableNow(Dataset<Row> rows, String checkpoint, ReadBatches sink) throws TimeoutException {
        return rows.writeStream()
                .option("checkpointLocation", checkpoint)
                .trigger(Trigger.AvailableNow())
                .foreachBatch(sink)
                .start();
    }

    /** Rows as texts, in the order in which they come. */
    static List<String> texts(Dataset<Row> rows) {
        return rows.collectAsList().stream().map(Row::toString).toList();
    }

    /** A reading with a number of its own. */
    static Event reading(String device, long seq, long timeMs) {
        return Event.newBuilder()
                .setTimeUs(timeMs * 1000)
                .setReceivedMs(timeMs)
                .setTimeSource(TimeSource.DEVICE)
                .setReading(Reading.newBuilder()
                        .setDevice(device)
                        .setMetric("temperature")
                        .setValue(seq / 2.0)
                        .setSeq(seq))
                .build();
    }

    /** A request for a page. */
    static Event request(String client, String path, long timeMs) {
        return Event.newBuilder()
                .setTimeUs(timeMs * 1000)
                .setReceivedMs(timeMs)
                .setTimeSource(TimeSource.DEVICE)
                .setRequest(Request.newBuilder().setClient(client).setPath(path).setStatus(200))
                .build();
    }

    /** So many readings of twenty devices, a millisecond apart. */
    static void feed(FakeGateway gateway, int first, int count) {
        for (int i = first; i < first + count; i++) {
            String device = "d" + i % 20;
            gateway.append(device, reading(device, i, 1_700_000_000_000L + i));
        }
    }
}
