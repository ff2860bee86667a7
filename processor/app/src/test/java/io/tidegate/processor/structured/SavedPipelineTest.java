package io.tidegate.processor.structured;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.processor.settings.ProcessorSettings;
import io.tidegate.settings.InvalidSettings;
import io.tidegate.settings.Settings;
import io.tidegate.spark.event.EventTable;
import io.tidegate.spark.sink.jdbc.JdbcResults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.clustering.KMeans;
import org.apache.spark.ml.clustering.KMeansModel;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pipelines that were fitted and saved elsewhere, from the configuration through Spark into a database. */
class SavedPipelineTest {

    private static final String SQL = "SELECT client, bytes, duration FROM requests";

    /**
     * Bytes and seconds of pages and of downloads. Their means are (200, 0.2) and (10000, 5); the standard deviation of all
     * bytes is sqrt(146080000 / 5), of all seconds sqrt(36.58 / 5).
     */
    private static final String VISITS = """
            SELECT * FROM VALUES (100L, 0.1D), (200L, 0.2D), (300L, 0.3D), (9000L, 4D), (10000L, 5D), (11000L, 6D)
            AS visits(bytes, duration)""";

    private static final double BYTES_DEVIATION = Math.sqrt(146_080_000 / 5.0);
    private static final double SECONDS_DEVIATION = Math.sqrt(36.58 / 5);

    @TempDir
    static Path models;

    private static int pages;

    @TempDir
    Path folder;

    private String more = "";

    /** Spark has ended when a test begins. */
    @BeforeAll
    static void fit() throws IOException {
        try (SparkSession spark = LocalSpark.start()) {
            PipelineStage features = new Pipeline().setStages(new PipelineStage[] {
                new VectorAssembler()
                        .setInputCols(new String[] {"bytes", "duration"})
                        .setOutputCol("raw"),
                new StandardScaler().setInputCol("raw").setOutputCol("scaled")
            });
            KMeans clusters = new KMeans().setK(2).setSeed(1).setFeaturesCol("scaled");
            PipelineModel model = new Pipeline()
                    .setStages(new PipelineStage[] {features, clusters})
                    .fit(spark.sql(VISITS));
            model.save(models.resolve("clusters").toString());

            KMeansModel fitted = (KMeansModel) model.stages()[1];
            fitted.save(models.resolve("one-stage").toString());
            Vector[] centres = fitted.clusterCenters();
            pages = centres[0].apply(0) < centres[1].apply(0) ? 0 : 1;
            assertCentre(centres[pages], 200, 0.2);
            assertCentre(centres[1 - pages], 10_000, 5);

            sql(spark, "SELECT client, bytes, duration, 7 AS prediction FROM __THIS__")
                    .save(models.resolve("seven").toString());
            sql(spark, "SELECT client, count(*) AS n FROM __THIS__ GROUP BY client")
                    .save(models.resolve("counts").toString());
            sql(spark, "SELECT client AS id FROM __THIS__")
                    .save(models.resolve("taken").toString());
        }
        Files.createDirectory(models.resolve("empty"));
    }

    private static void assertCentre(Vector centre, double bytes, double seconds) {
        assertThat(centre.apply(0)).isCloseTo(bytes / BYTES_DEVIATION, within(1e-9));
        assertThat(centre.apply(1)).isCloseTo(seconds / SECONDS_DEVIATION, within(1e-9));
    }

    private static PipelineModel sql(SparkSession spark, String statement) {
        return new Pipeline()
                .setStages(new PipelineStage[] {new SQLTransformer().setStatement(statement)})
                .fit(spark.sql("SELECT 'c' AS client, 1L AS bytes, 1D AS duration"));
    }

    @AfterEach
    void close() {
        JdbcResults.closeAll();
    }

    @Test
    void rows_of_a_stream_have_the_nearest_centre_and_one_that_a_stage_fails_on_has_null() throws Exception {
        requests("""
                {"client":"page","bytes":250,"duration":0.1}
                {"client":"download","bytes":12000,"duration":7}
                {"client":"large and quick","bytes":5000,"duration":0.3}
                {"client":"small and slow","bytes":4500,"duration":4.9}
                {"client":"unknown","duration":0.2}
                """);

        run("clusters");

        // In units of the deviations, squared. Large and quick: 0.79 to pages, 3.87 to downloads. Small and slow: 3.65
        // to
        // pages and 1.04 to downloads, though by the bytes alone it would be a page.
        assertThat(predictions())
                .isEqualTo(Map.of(
                        "page", "" + pages,
                        "large and quick", "" + pages,
                        "download", "" + (1 - pages),
                        "small and slow", "" + (1 - pages),
                        "unknown", "null"));
    }

    @Test
    void a_pipeline_that_was_trained_anew_goes_on_in_the_same_checkpoint() throws Exception {
        requests("{\"client\":\"first\",\"bytes\":250,\"duration\":0.1}");
        run("clusters");
        requests("{\"client\":\"second\",\"bytes\":250,\"duration\":0.1}");

        run("seven");

        assertThat(predictions()).isEqualTo(Map.of("first", "" + pages, "second", "7"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nowhere   | SELECT bytes, duration FROM requests             | Path does not exist",
                "empty     | SELECT bytes, duration FROM requests             | Path does not exist",
                "one-stage | SELECT bytes, duration FROM requests             | Expected class name org.apache.spark.ml.PipelineModel",
                "clusters  | SELECT bytes, status FROM requests               | duration",
                "clusters  | SELECT bytes, path AS duration FROM requests     | string",
                "counts    | SELECT client FROM requests                      | watermark",
                "taken     | SELECT client FROM requests                      | id AS name",
            })
    void what_is_no_pipeline_for_these_rows_is_a_mistake_in_the_configuration(String model, String sql, String reason) {
        InvalidSettings mistakes = catchThrowableOfType(InvalidSettings.class, () -> query(model, sql));

        assertThat(mistakes.getMessage())
                .contains("processor.conf:2: tidegate.processor.queries[0].transform: given " + models.resolve(model))
                .contains(reason);
        assertThat(SparkSession.getDefaultSession().isEmpty()).isTrue();
    }

    @Test
    void the_columns_of_the_table_are_those_after_the_pipeline_without_vectors() {
        more = "jdbc.key = [scaled]";

        assertThat(catchThrowableOfType(InvalidSettings.class, () -> query("clusters", SQL))
                        .getMessage())
                .contains("queries[0].jdbc.key")
                .contains("columns of the table, each once: client, bytes, duration, prediction");
    }

    @Test
    void the_folder_is_frozen_in_the_checkpoint() throws Exception {
        assertThat(query("clusters", SQL).frozen())
                .containsEntry("transform", models.resolve("clusters").toString());
    }

    /** A batch. */
    private void requests(String lines) throws IOException {
        Path log = Files.createDirectories(folder.resolve("log"));
        Path file = Files.writeString(folder.resolve("unfinished"), lines);
        Files.move(file, log.resolve(log.toFile().list().length + ".json"));
    }

    private void run(String model) throws Exception {
        SqlQuery query = query(model, SQL);
        try (SparkSession spark = LocalSpark.start()) {
            SparkSession session = spark.newSession();
            StructuredQueries.rows(session, query, table -> stream(session, table))
                    .option("checkpointLocation", folder.resolve("checkpoint").toString())
                    .trigger(Trigger.AvailableNow())
                    .start()
                    .awaitTermination();
        }
    }

    private Dataset<Row> stream(SparkSession session, EventTable table) {
        return session.readStream()
                .schema(table.schema())
                .json(folder.resolve("log").toString());
    }

    private SqlQuery query(String model, String sql) throws IOException, InvalidSettings {
        Path file = folder.resolve("processor.conf");
        Files.writeString(file, """
                tidegate.processor { files.dir = "%s", jdbc { url = "%s", user = u, password = p }, queries = [
                  { name = visits, kind = sql, to = [jdbc, files], sql = "%s", transform = "%s", %s }
                ] }
                """.formatted(folder.resolve("results"), url(), sql, models.resolve(model), more));
        return (SqlQuery) ProcessorSettings.from(Settings.load("tidegate.processor", file, Map.of(), new Properties()))
                .structured()
                .get(0);
    }

    private String url() {
        return "jdbc:h2:file:" + folder.resolve("db");
    }

    private Map<String, String> predictions() throws Exception {
        Map<String, String> predictions = new TreeMap<>();
        try (Connection connection = DriverManager.getConnection(url(), "u", "p");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT \"client\", \"prediction\" FROM \"visits\"")) {
            while (row.next()) {
                assertThat(predictions.put(row.getString(1), String.valueOf(row.getObject(2))))
                        .isNull();
            }
        }
        return predictions;
    }
}
