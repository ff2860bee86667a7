package example;

import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.clustering.KMeans;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Learns from everything that the gateway retains how devices usually behave, and saves that.
 *
 * <p>Arguments: the gateway's address, the metric, the folder for the model, which is replaced.
 */
public final class Train {

    private static final int USUAL_BEHAVIOURS = 3;

    private Train() {}

    public static void main(String[] arguments) throws Exception {
        SparkSession spark = SparkSession.builder()
                .appName("train")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.shuffle.partitions", 2)
                .getOrCreate();

        Dataset<Row> readings = spark.read()
                .format("tidegate")
                .option("gateway", arguments[0])
                .option("from", "readings")
                .load();
        Dataset<Row> features = Features.perMinute(readings, arguments[1]).cache();

        // A minute with a single reading has no standard deviation, and can't be judged.
        VectorAssembler assembler = new VectorAssembler()
                .setInputCols(Features.COLUMNS)
                .setOutputCol("assembled")
                .setHandleInvalid("skip");
        StandardScaler scaler = new StandardScaler()
                .setInputCol("assembled")
                .setOutputCol("scaled")
                .setWithMean(true);
        KMeans clusters = new KMeans()
                .setK(USUAL_BEHAVIOURS)
                .setSeed(1)
                .setFeaturesCol("scaled")
                .setPredictionCol("behaviour");
        PipelineModel model = new Pipeline()
                .setStages(new PipelineStage[] {assembler, scaler, clusters})
                .fit(features);
        model.write().overwrite().save(arguments[2]);

        System.out.println("trained on " + features.count() + " minutes of "
                + features.select("device").distinct().count() + " devices");
        spark.stop();
    }
}
