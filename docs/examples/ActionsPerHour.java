import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.window;

import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.Trigger;

/**
 * The textbook's first job of Structured Streaming: logs in, the count of each action per hour by event time, written to a
 * database. Two statements, reading and writing; the database has each hour and action once, whatever is killed on the way.
 *
 * <p>Arguments: the gateway's address, the database's JDBC URL, a folder for the checkpoint; and {@code once} to end when
 * everything that the gateway has is counted.
 */
public final class ActionsPerHour {

    public static void main(String[] arguments) throws Exception {
        SparkSession spark = SparkSession.builder()
                .appName("actions-per-hour")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.shuffle.partitions", 2)
                .getOrCreate();
        boolean once = arguments.length > 3 && arguments[3].equals("once");

        var actions = spark.readStream()
                .format("tidegate")
                .option("gateway", arguments[0])
                .option("from", "requests")
                .load()
                .withWatermark("time", "10 minutes")
                .groupBy(window(col("time"), "1 hour").getField("start").as("hour"), col("method").as("action"))
                .count();
        actions.writeStream()
                .format("tidegate-jdbc")
                .option("url", arguments[1])
                .option("dbtable", "actions")
                .option("key", "hour,action")
                .option("checkpointLocation", arguments[2])
                .outputMode("update")
                .trigger(once ? Trigger.AvailableNow() : Trigger.ProcessingTime("1 second"))
                .start()
                .awaitTermination();
    }
}
