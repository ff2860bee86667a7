package example;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.stddev;
import static org.apache.spark.sql.functions.window;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What the model sees of a device. The past and the stream go through the same statement. */
final class Features {

    static final String[] COLUMNS = {"mean", "min", "max", "stddev"};

    private Features() {}

    /** A row for each device and minute of event time, from readings of one metric. */
    static Dataset<Row> perMinute(Dataset<Row> readings, String metric) {
        return readings.where(col("metric").equalTo(metric))
                .groupBy(window(col("time"), "1 minute"), col("device"))
                .agg(
                        avg("value").as("mean"),
                        min("value").as("min"),
                        max("value").as("max"),
                        stddev("value").as("stddev"))
                .select(
                        col("device"),
                        col("window.start").as("minute"),
                        col("mean"),
                        col("min"),
                        col("max"),
                        col("stddev"));
    }
}
