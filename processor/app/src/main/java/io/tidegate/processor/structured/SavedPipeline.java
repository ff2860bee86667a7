package io.tidegate.processor.structured;

import java.util.Arrays;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.Transformer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.UserDefinedType;

/** A fitted pipeline of Spark MLlib that was saved, to be applied to the rows of a query. */
final class SavedPipeline {

    private final PipelineModel model;

    private SavedPipeline(PipelineModel model) {
        this.model = model;
    }

    /** Loads what {@code PipelineModel.save} has written. Throws Spark's exceptions. */
    static SavedPipeline load(SparkSession session, String folder) {
        return new SavedPipeline(PipelineModel.read().session(session).load(folder));
    }

    /**
     * The rows with what the pipeline adds, without columns that hold vectors or matrices: no sink can write them. A row
     * that a stage fails on has null in the columns of that stage.
     */
    Dataset<Row> transform(Dataset<Row> rows) {
        Dataset<Row> transformed = transform(model, rows);
        String[] internal = Arrays.stream(transformed.schema().fields())
                .filter(field -> field.dataType().existsRecursively(UserDefinedType.class::isInstance))
                .map(StructField::name)
                .toArray(String[]::new);
        return transformed.drop(internal);
    }

    /** Stage by stage: a stage must know that columns of the one before can be null. */
    private static Dataset<Row> transform(PipelineModel pipeline, Dataset<Row> rows) {
        Dataset<Row> transformed = rows;
        for (Transformer stage : pipeline.stages()) {
            transformed = stage instanceof PipelineModel inner
                    ? transform(inner, transformed)
                    : NullOnError.wrap(stage.transform(transformed));
        }
        return transformed;
    }
}
