package example;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;

import java.util.Arrays;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.clustering.KMeansModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.streaming.DataStreamWriter;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.DataTypes;

/**
 * Says of each device and minute how far it is from every usual behaviour: a message on {@code scores/{device}} and a row in
 * the table {@code scores}, as soon as the minute is over.
 *
 * <p>Arguments: the gateway's address, the metric, the folder of the model, the broker's URL, the database's JDBC URL, a
 * folder for checkpoints; and {@code once} to end when everything that the gateway has is scored.
 */
public final class Score {

    private Score() {}

    public static void main(String[] arguments) throws Exception {
        SparkSession spark = SparkSession.builder()
                .appName("score")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.shuffle.partitions", 2)
                .getOrCreate();
        boolean once = arguments.length > 6 && arguments[6].equals("once");
        String checkpoints = arguments[5];

        Dataset<Row> readings = spark.readStream()
                .format("tidegate")
                .option("gateway", arguments[0])
                .option("from", "readings")
                .load()
                .withWatermark("time", "10 seconds");
        Dataset<Row> scores = scores(Features.perMinute(readings, arguments[1]), PipelineModel.load(arguments[2]));

        StreamingQuery topics = start(
                once,
                checkpoints + "/topics",
                scores.writeStream()
                        .format("tidegate-mqtt")
                        .option("broker", arguments[3])
                        .option("topic", "scores/{device}")
                        .option("key", "device,minute")
                        .option("query", "scores"));
        StreamingQuery table = start(
                once,
                checkpoints + "/table",
                scores.writeStream()
                        .format("tidegate-jdbc")
                        .option("url", arguments[4])
                        .option("dbtable", "scores"));
        if (once) {
            topics.awaitTermination();
            table.awaitTermination();
        } else {
            spark.streams().awaitAnyTermination();
        }
        spark.stop();
    }

    private static Dataset<Row> scores(Dataset<Row> features, PipelineModel model) {
        return model.transform(features)
                .withColumn("distance", distance(model).apply(col("scaled")))
                .drop("assembled", "scaled");
    }

    /** From the nearest centre, in standard deviations of each feature. */
    private static UserDefinedFunction distance(PipelineModel model) {
        Vector[] centres = ((KMeansModel) model.stages()[2]).clusterCenters();
        UDF1<Vector, Double> distance = scaled -> Arrays.stream(centres)
                .mapToDouble(centre -> Math.sqrt(Vectors.sqdist(scaled, centre)))
                .min()
                .getAsDouble();
        return udf(distance, DataTypes.DoubleType);
    }

    private static StreamingQuery start(boolean once, String checkpoint, DataStreamWriter<Row> writer)
            throws Exception {
        return writer.option("checkpointLocation", checkpoint)
                .trigger(once ? Trigger.AvailableNow() : Trigger.ProcessingTime("5 seconds"))
                .start();
    }
}
