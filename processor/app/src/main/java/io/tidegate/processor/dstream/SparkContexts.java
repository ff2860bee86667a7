package io.tidegate.processor.dstream;

import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** Spark without the books that only its UI reads. */
final class SparkContexts {

    private SparkContexts() {}

    /**
     * A Spark context. When its UI is off, nothing listens for what the UI would show: that listener writes down every
     * persisted RDD anew whenever a block of any other comes or goes, so with a window of many panes it takes a core.
     */
    static JavaSparkContext start(SparkConf conf) {
        JavaSparkContext spark = new JavaSparkContext(conf);
        if (!conf.getBoolean("spark.ui.enabled", true)) {
            spark.sc().removeSparkListener(spark.sc().statusStore().listener().get());
        }
        return spark;
    }
}
