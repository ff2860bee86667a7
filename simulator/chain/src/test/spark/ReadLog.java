import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.Trigger;

/**
 * A program of somebody who has Spark and one jar of Tidegate's, and knows no class of it. Writes a table of a gateway's log
 * as JSON, once read as it is, once as a stream in several batches.
 *
 * <p>Arguments: the gateway's address, the table, a folder for results.
 */
public final class ReadLog {

    public static void main(String[] arguments) throws Exception {
        String gateway = arguments[0];
        String table = arguments[1];
        String folder = arguments[2];
        SparkSession spark = SparkSession.builder()
                .appName("read-log")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.session.timeZone", "UTC")
                .getOrCreate();

        spark.read()
                .format("tidegate")
                .option("gateway", gateway)
                .option("from", table)
                .load()
                .write()
                .json(folder + "/batch");

        spark.readStream()
                .format("tidegate")
                .option("gateway", gateway)
                .option("from", table)
                .option("maxEventsPerTrigger", 500)
                .load()
                .writeStream()
                .format("json")
                .option("path", folder + "/stream")
                .option("checkpointLocation", folder + "/checkpoint")
                .trigger(Trigger.AvailableNow())
                .start()
                .awaitTermination();
        spark.stop();
    }
}
