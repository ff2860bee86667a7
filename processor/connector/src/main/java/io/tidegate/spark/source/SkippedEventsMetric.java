package io.tidegate.spark.source;

import org.apache.spark.sql.connector.metric.CustomSumMetric;

/** Shown by Spark's pages: events that a read left out because the log had forgotten them ({@code failOnDataLoss=false}). */
public final class SkippedEventsMetric extends CustomSumMetric {

    static final String NAME = "skippedEvents";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "events skipped because they were trimmed";
    }
}
