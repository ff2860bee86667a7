package io.tidegate.processor.aggregate.anomalies;

import io.tidegate.processor.aggregate.anomalies.AnomalyBenchmark.Sample;
import io.tidegate.processor.aggregate.anomalies.AnomalyBenchmark.Span;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.clustering.KMeans;
import org.apache.spark.ml.clustering.KMeansModel;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** What Spark MLlib finds as docs/examples/mllib does it: mean, least, greatest and deviation of each hour, and k-means. */
final class KMeansOfHours {

    private static final String[] FEATURES = {"mean", "min", "max", "stddev"};
    private static final int CENTRES = 3;

    private KMeansOfHours() {}

    /** Hours that are so many times as far from the nearest centre as the farthest hour that was learned from. */
    static List<Span> spans(List<Sample> samples, double factor) throws IOException {
        try (SparkSession spark = SparkSession.builder()
                .master("local[1]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .getOrCreate()) {
            StructType schema = new StructType().add("hour", DataTypes.LongType);
            for (String feature : FEATURES) {
                schema = schema.add(feature, DataTypes.DoubleType);
            }
            List<Row> hours = hours(samples);
            List<Row> first = hours.subList(0, (int) (hours.size() * AnomalyBenchmark.LEARNING_PART));
            PipelineModel model = new Pipeline()
                    .setStages(new PipelineStage[] {
                        new VectorAssembler().setInputCols(FEATURES).setOutputCol("assembled"),
                        new StandardScaler()
                                .setInputCol("assembled")
                                .setOutputCol("scaled")
                                .setWithMean(true),
                        new KMeans().setK(CENTRES).setSeed(1).setFeaturesCol("scaled")
                    })
                    .fit(spark.createDataFrame(first, schema));
            Dataset<Row> all = model.transform(spark.createDataFrame(hours, schema));
            return spans(
                    all.select("hour", "scaled").collectAsList(),
                    (KMeansModel) model.stages()[2],
                    first.size(),
                    factor);
        }
    }

    private static List<Span> spans(List<Row> hours, KMeansModel model, int learned, double factor) {
        List<Double> distances = hours.stream()
                .map(hour -> Arrays.stream(model.clusterCenters())
                        .mapToDouble(centre -> Math.sqrt(Vectors.sqdist((Vector) hour.get(1), centre)))
                        .min()
                        .orElseThrow())
                .toList();
        double farthest = distances.subList(0, learned).stream()
                .mapToDouble(Double::doubleValue)
                .max()
                .orElseThrow();
        List<Span> spans = new ArrayList<>();
        for (int i = 0; i < hours.size(); i++) {
            if (distances.get(i) > factor * farthest) {
                int from = i;
                while (i + 1 < hours.size() && distances.get(i + 1) > factor * farthest) {
                    i++;
                }
                spans.add(new Span(hours.get(from).getLong(0), hours.get(i).getLong(0) + AnomalyBenchmark.HOUR_MS));
            }
        }
        return spans;
    }

    private static List<Row> hours(List<Sample> samples) {
        SortedMap<Long, List<Double>> hours = new TreeMap<>();
        for (Sample sample : samples) {
            long hourMs = Math.floorDiv(sample.timeMs(), AnomalyBenchmark.HOUR_MS) * AnomalyBenchmark.HOUR_MS;
            hours.computeIfAbsent(hourMs, hour -> new ArrayList<>()).add(sample.value());
        }
        List<Row> rows = new ArrayList<>();
        hours.forEach((hourMs, values) -> {
            double[] all = values.stream().mapToDouble(Double::doubleValue).toArray();
            double mean = Arrays.stream(all).average().orElseThrow();
            double variance = Arrays.stream(all)
                    .map(value -> (value - mean) * (value - mean))
                    .average()
                    .orElseThrow();
            rows.add(RowFactory.create(
                    hourMs,
                    mean,
                    Arrays.stream(all).min().orElseThrow(),
                    Arrays.stream(all).max().orElseThrow(),
                    Math.sqrt(variance)));
        });
        return rows;
    }
}
