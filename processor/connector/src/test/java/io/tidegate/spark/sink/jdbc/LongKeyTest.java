package io.tidegate.spark.sink.jdbc;

import static io.tidegate.spark.sink.jdbc.JdbcColumn.optional;
import static io.tidegate.spark.sink.jdbc.JdbcColumn.required;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidegate.harness.Postgres;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Keys that are longer than PostgreSQL's index takes. Texts are random, as what can be compressed is taken longer. */
class LongKeyTest {

    private static final Random RANDOM = new Random(7);
    private static @Nullable Postgres postgres;

    @BeforeAll
    static void start() {
        assumeTrue(Postgres.installed().isPresent(), "PostgreSQL is not installed: nothing is tested against it");
        postgres = Postgres.start();
    }

    @AfterEach
    void disconnect() {
        JdbcResults.closeAll();
    }

    @AfterAll
    static void stop() {
        if (postgres != null) {
            postgres.close();
        }
    }

    @Test
    void a_text_that_the_index_does_not_take_is_its_beginning_and_a_digest_and_is_found_again() throws Exception {
        JdbcTable table = table("paths", 1);
        JdbcResults.makeTables(target(), List.of(table));
        String path = "/" + random(9_000);
        String other = path + "x";
        String fits = random(2_500);
        assertThatThrownBy(() -> insert("paths", path)).hasMessageContaining("index row");

        JdbcResults.write(target(), List.of(row(table, 1, path), row(table, 1, other), row(table, 1, fits)));
        JdbcResults.write(target(), List.of(row(table, 2, path)));

        assertThat(query("SELECT batch FROM paths ORDER BY batch")).containsExactly("1", "1", "2");
        assertThat(query("SELECT k0 FROM paths WHERE batch = 2").get(0))
                .startsWith(path.substring(0, 2_000))
                .matches("(?s).*%~[0-9a-f]{16}");
        assertThat(query("SELECT k0 FROM paths")).contains(fits);
    }

    @Test
    void many_columns_share_the_room_and_no_character_is_cut() throws Exception {
        JdbcTable table = table("many", 6);
        JdbcResults.makeTables(target(), List.of(table));
        String euros = "€"
                + IntStream.range(0, 3_000)
                        .mapToObj(i -> String.valueOf((char) ('\u4e00' + RANDOM.nextInt(0x5000))))
                        .reduce("", String::concat);

        JdbcResults.write(target(), List.of(row(table, 1, euros, euros, random(5_000), random(5_000), "", null)));

        List<String> stored = query("SELECT k0 FROM many");
        assertThat(stored.get(0).getBytes(UTF_8).length).isBetween(300, 433);
        assertThat(stored.get(0)).startsWith(euros.substring(0, 100)).doesNotContain("\uFFFD");
    }

    @Test
    void a_key_of_a_text_and_long_numbers_fits() throws Exception {
        List<JdbcColumn> columns =
                new ArrayList<>(List.of(required("batch", ColumnType.WHOLE), optional("t", ColumnType.TEXT)));
        List<String> key = new ArrayList<>(List.of("t"));
        List<@Nullable Object> values = new ArrayList<>(List.of(1L, random(20_000)));
        for (int i = 0; i < 31; i++) {
            columns.add(optional("n" + i, ColumnType.EXACT));
            key.add("n" + i);
            values.add(new BigDecimal(new BigInteger("9".repeat(38)), i));
        }
        JdbcTable table = new JdbcTable("numbers", columns, key, List.of("batch"));
        JdbcResults.makeTables(target(), List.of(table));

        JdbcResults.write(target(), List.of(new JdbcRow("test", table, values)));

        assertThat(query("SELECT count(*) FROM numbers")).containsExactly("1");
    }

    private static JdbcTable table(String name, int texts) {
        List<JdbcColumn> columns = new ArrayList<>(List.of(required("batch", ColumnType.WHOLE)));
        List<String> key = IntStream.range(0, texts).mapToObj(i -> "k" + i).toList();
        key.forEach(column -> columns.add(optional(column, ColumnType.TEXT)));
        return new JdbcTable(name, columns, key, List.of("batch"));
    }

    private static JdbcRow row(JdbcTable table, long batch, @Nullable String... key) {
        List<@Nullable Object> values = new ArrayList<>(List.of(batch));
        values.addAll(Arrays.asList(key));
        return new JdbcRow("test", table, values);
    }

    private static String random(int length) {
        StringBuilder text = new StringBuilder();
        RANDOM.ints(length, '0', 'z').forEach(c -> text.append((char) c));
        return text.toString();
    }

    /** Without what the sink does. */
    private static void insert(String table, String key) throws SQLException {
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement("INSERT INTO " + table + " VALUES (1, ?)")) {
            statement.setString(1, key);
            statement.executeUpdate();
        }
    }

    private static Connection connect() throws SQLException {
        return DriverManager.getConnection(target().url(), Postgres.USER, Postgres.PASSWORD);
    }

    private static JdbcTarget target() {
        return new JdbcTarget(
                Objects.requireNonNull(postgres).url(), Postgres.USER, Postgres.PASSWORD, Duration.ofSeconds(60));
    }

    private static List<String> query(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = connect();
                ResultSet result = connection.createStatement().executeQuery(sql)) {
            while (result.next()) {
                rows.add(result.getString(1));
            }
        }
        return rows;
    }
}
