package io.tidegate.processor.structured;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.processor.query.ByColumn;
import io.tidegate.processor.query.Query;
import io.tidegate.processor.query.QueryKind;
import io.tidegate.processor.query.RowExpressions;
import io.tidegate.processor.query.Target;
import io.tidegate.spark.event.EventTable;
import java.time.Instant;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What structured sessions make of rows, in a session of Spark. */
class KeyedEventsTest {

    private static final StructType SCHEMA = EventTable.READINGS.schema();

    @SuppressWarnings("NullAway.Init") // before all tests
    private static SparkSession spark;

    @BeforeAll
    static void start() {
        spark = LocalSpark.start();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    @Test
    void an_event_on_which_an_expression_fails_is_counted_and_the_others_go_on() {
        LongAccumulator failed = spark.sparkContext().longAccumulator();

        List<String> keys =
                keys("", "url_decode(text) AS page", failed, row("a%20b", 1.0), row("a%zz", 1.0), row("c", 1.0));

        assertThat(keys).containsExactlyInAnyOrder("[\"a b\"]", "[\"c\"]");
        assertThat(failed.sum()).isEqualTo(1);
    }

    @Test
    void a_cast_that_is_impossible_is_null_also_where_the_session_has_ansi_mode() {
        LongAccumulator failed = spark.sparkContext().longAccumulator();

        List<String> keys =
                keys("CAST(text AS INT) > 0", "CAST(text AS INT) AS n", failed, row("x", 1.0), row("7", 1.0));

        assertThat(keys).containsExactly("[7]");
        assertThat(failed.sum()).isZero();
    }

    @Test
    void whole_numbers_beyond_64_bits_are_keys() {
        LongAccumulator failed = spark.sparkContext().longAccumulator();

        List<String> keys = keys("", "CAST(value AS DECIMAL(38,0)) AS n", failed, row("", 1e20));

        assertThat(keys).containsExactly("[100000000000000000000]");
        assertThat(failed.sum()).isZero();
    }

    private static List<String> keys(String where, String by, LongAccumulator failed, Row... rows) {
        Query query = new Query(
                "q",
                new RowExpressions(EventTable.READINGS, where, List.of(new ByColumn("n", by)), "value"),
                new QueryKind.Sessions(1_000, 0, 0),
                List.of(Target.CONSOLE));
        Dataset<Row> stream = spark.createDataFrame(List.of(rows), SCHEMA);
        return KeyedEvents.of(query, failed).byKey(stream).keys().collectAsList();
    }

    private static Row row(String text, double value) {
        StructField[] fields = SCHEMA.fields();
        @Nullable Object[] values = new Object[fields.length];
        for (int i = 0; i < fields.length; i++) {
            values[i] = fields[i].name().equals("text")
                    ? text
                    : fields[i].name().equals("value") ? value : any(fields[i].dataType());
        }
        return RowFactory.create(values);
    }

    private static Object any(DataType type) {
        if (type.equals(DataTypes.TimestampType)) {
            return java.sql.Timestamp.from(Instant.parse("2026-11-22T10:00:00Z"));
        } else if (type.equals(DataTypes.LongType)) {
            return 1L;
        }
        return type.equals(DataTypes.IntegerType) ? (Object) 1 : "any";
    }
}
