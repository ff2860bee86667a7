package io.tidegate.spark.source;

import org.apache.spark.TaskContext;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/** What Spark calls the query that this thread works for, for people. */
final class QueryName {

    private static final String DESCRIPTION = "spark.job.description";

    private QueryName() {}

    /** "Query: name, id = …, runId = …, batch = 7" on the query's thread on the driver, and in its tasks. */
    static String here() {
        TaskContext task = TaskContext.get();
        @Nullable
        String description = task != null
                ? task.getLocalProperty(DESCRIPTION)
                : SparkSession.active().sparkContext().getLocalProperty(DESCRIPTION);
        return description == null
                ? "Query: one without a name"
                : "Query: "
                        + description
                                .replace("<br/>", ", ")
                                .replaceAll("\\s+", " ")
                                .strip();
    }
}
