package io.tidegate.processor.structured;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Functions that throw on a row, in a session that doesn't let them; and those that must be what they were. */
class NullOnErrorTest {

    @SuppressWarnings("NullAway.Init") // before all tests
    private static SparkSession spark;

    @SuppressWarnings("NullAway.Init") // before all tests
    private static SparkSession session;

    @BeforeAll
    static void start() {
        spark = LocalSpark.start();
        session = spark.newSession();
        for (SparkSession each : List.of(spark, session)) {
            each.createDataset(List.of("a%20b", "a%zz", "7"), Encoders.STRING())
                    .toDF("path")
                    .createOrReplaceTempView("requests");
        }
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "url_decode(path)                               | a b,null,7",
                "upper(url_decode(path))                        | A B,null,7",
                "element_at(array(1, 2), length(path) - 4)      | 1,null,null",
                "regexp_replace('x', concat('[', path), '!')        | null,null,null",
                "to_number(path, '9')                           | null,null,7",
                "raise_error(path)                              | null,null,null",
                "map_from_arrays(array(path), array())['7']     | null,null,null",
                "transform(array(path), p -> url_decode(p))[0]  | a b,null,7",
            })
    void a_function_that_throws_on_a_row_gives_null_there(String expression, String values) {
        assertThat(values(NullOnError.sql(session, "SELECT CAST(" + expression + " AS STRING) FROM requests")))
                .containsExactly(values.split(","));
    }

    @Test
    void another_session_is_as_it_was() {
        assertThatThrownBy(() -> values(spark.sql("SELECT url_decode(path) FROM requests")))
                .hasMessageContaining("CANNOT_DECODE_URL");
    }

    @Test
    void a_key_and_a_condition_that_throw() {
        assertThat(values(NullOnError.sql(
                        session, "SELECT url_decode(path) AS p FROM requests GROUP BY url_decode(path) ORDER BY p")))
                .containsExactly("null", "7", "a b");
        assertThat(values(NullOnError.sql(session, "SELECT path FROM requests WHERE url_decode(path) = 'a b'")))
                .containsExactly("a%20b");
        assertThat(values(NullOnError.sql(session, "SELECT count(url_decode(path)) FROM requests")))
                .containsExactly("2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT explode(split(path, '%')) FROM requests                              | a,20b,a,zz,7",
                "SELECT row_number() OVER (ORDER BY path) FROM requests                      | 1,2,3",
                "SELECT lag(path) OVER (ORDER BY path) FROM requests                         | null,7,a%20b",
                "SELECT count(*) FILTER (WHERE path LIKE 'a%') FROM requests                 | 2",
                "SELECT percentile(length(path), 0.5) FROM requests                          | 4.0",
                "SELECT aggregate(array(1, 2, 3), 0, (a, b) -> a + b) FROM requests LIMIT 1  | 6",
                "SELECT struct(path).path FROM requests LIMIT 1                              | a%20b",
                "SELECT window(timestamp '2026-11-30 12:01:00', '1 hour').start FROM requests LIMIT 1 | 2026-11-30 12:00:00.0",
                "SELECT from_json(concat('{\"a\":', path, '}'), 'a INT', map('mode', 'PERMISSIVE')).a FROM requests | null,null,7",
                "SELECT coalesce(nullif(path, '7'), 'seven') FROM requests                   | a%20b,a%zz,seven",
                "SELECT current_timestamp() IS NULL FROM requests LIMIT 1                    | false",
            })
    void what_does_not_throw_is_what_it_was(String query, String values) {
        assertThat(values(NullOnError.sql(session, query))).containsExactly(values.split(","));
        assertThat(values(spark.sql(query))).containsExactly(values.split(","));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT url_decode(path), length(path) + 1 FROM requests",
                "SELECT upper(url_decode(path)), count(*) FROM requests GROUP BY upper(url_decode(path))",
                "SELECT named_struct('p', url_decode(path)), struct(lower(path)) FROM requests",
            })
    void columns_without_a_name_are_called_what_they_were(String query) {
        assertThat(NullOnError.sql(session, query).schema().simpleString())
                .isEqualTo(spark.sql(query).schema().simpleString());
    }

    @Test
    void a_stream_with_a_watermark_goes_on(@TempDir Path folder) throws Exception {
        Path lines = Files.createDirectory(folder.resolve("lines"));
        Files.writeString(lines.resolve("1.csv"), """
                2026-11-30T12:01:00Z,a%20b
                2026-11-30T12:02:00Z,a%zz
                2026-11-30T12:03:00Z,a%20b
                2026-11-30T15:00:00Z,c
                """);
        session.readStream()
                .schema("time TIMESTAMP, path STRING")
                .csv(lines.toString())
                .withWatermark("time", "10 minutes")
                .createOrReplaceTempView("stream");

        Dataset<Row> rows = NullOnError.sql(
                session,
                "SELECT url_decode(path) AS page, count(*) AS n FROM stream GROUP BY window(time, '1 hour'), url_decode(path)");
        StreamingQuery query = rows.writeStream()
                .format("memory")
                .queryName("pages")
                .outputMode("append")
                .option("checkpointLocation", folder.resolve("checkpoint").toString())
                .trigger(Trigger.AvailableNow())
                .start();
        query.processAllAvailable();
        query.stop();

        assertThat(session.table("pages").collectAsList())
                .extracting(Row::mkString)
                .as("the hour that is over")
                .containsExactlyInAnyOrder("a b2", "null1");
    }

    private static List<String> values(Dataset<Row> result) {
        Stream<Row> rows = result.collectAsList().stream();
        return rows.map(row -> String.valueOf(row.get(0))).toList();
    }
}
