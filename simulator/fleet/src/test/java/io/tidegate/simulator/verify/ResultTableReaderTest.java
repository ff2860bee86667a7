package io.tidegate.simulator.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.simulator.oracle.Query;
import io.tidegate.simulator.oracle.QueryFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables as docs/queries.md has them, in H2. */
class ResultTableReaderTest {
    @TempDir
    private Path folder;

    @Test
    void a_row_is_read_as_the_message_that_says_the_same() throws Exception {
        sql("CREATE TABLE \"visits\" (\"id\" VARCHAR, \"query\" VARCHAR, \"rev\" BIGINT, \"batch\" BIGINT,"
                + " \"device\" VARCHAR, \"state\" VARCHAR, \"into\" BIGINT, \"start\" TIMESTAMP(3) WITH TIME ZONE,"
                + " \"end\" TIMESTAMP(3) WITH TIME ZONE, \"partial\" BOOLEAN, \"sum\" DOUBLE PRECISION,"
                + " \"metrics\" TEXT)");
        sql("INSERT INTO \"visits\" VALUES ('q/d/1', 'q', 2, 1000, 'd', 'closed', NULL, '2026-01-05 09:00:00.5+01',"
                + " '2026-01-05 08:00:01+00', TRUE, 1.25, '{\"m\":{\"count\":2,\"last\":2.5}}')");
        sql("INSERT INTO \"visits\" (\"id\", \"query\") VALUES ('other/1', 'other')");

        assertThat(rows("{ name = q, kind = sessions, gap = 5s, from = readings, by = [device], to = [jdbc],"
                        + " jdbc.table = visits }"))
                .extracting(JsonNode::toString)
                .containsExactly(
                        "{\"key\":{\"device\":\"d\"},\"id\":\"q/d/1\",\"query\":\"q\",\"rev\":2,\"batch\":1000,"
                                + "\"state\":\"closed\",\"start\":\"2026-01-05T08:00:00.500Z\",\"end\":\"2026-01-05T08:00:01Z\","
                                + "\"partial\":true,\"sum\":1.25,\"metrics\":{\"m\":{\"count\":2,\"last\":2.5}}}");
    }

    @Test
    void a_key_column_of_numbers_and_a_list_are_read_as_well() throws Exception {
        sql("CREATE TABLE \"q\" (\"id\" VARCHAR, \"query\" VARCHAR, \"status\" BIGINT, \"top\" TEXT)");
        sql("INSERT INTO \"q\" VALUES ('q/1', 'q', 404, '[{\"key\":{\"path\":\"/\"},\"count\":2}]')");

        JsonNode row = rows("{ name = q, kind = totals, from = requests, by = [status], to = [mqtt, jdbc] }")
                .get(0);

        assertThat(row.at("/key/status").longValue()).isEqualTo(404);
        assertThat(row.at("/top/0/count").longValue()).isEqualTo(2);
    }

    @Test
    void a_table_or_database_that_is_not_there_is_told_and_not_made() throws Exception {
        String query = "{ name = q, kind = totals, from = readings, to = [jdbc] }";

        assertThatThrownBy(() -> rows(query)).isInstanceOf(SQLException.class);
        assertThat(folder.resolve("results.mv.db")).doesNotExist();
        sql("CREATE TABLE \"another\" (\"id\" VARCHAR)");
        assertThatThrownBy(() -> rows(query)).isInstanceOf(SQLException.class).hasMessageContaining("q");
    }

    private List<JsonNode> rows(String text) throws Exception {
        Path file = folder.resolve("processor.conf");
        Files.writeString(
                file, "tidegate.processor { jdbc.url = \"" + url() + "\", jdbc.user = sa, queries = [" + text + "] }");
        Query query = QueryFile.read(file).queries().get(0);
        return new ArrayList<>(
                ResultTableReader.of(query.name(), query.by(), query.table().orElseThrow()));
    }

    private String url() {
        return "jdbc:h2:file:" + folder.resolve("results") + ";DATABASE_TO_LOWER=TRUE";
    }

    private void sql(String command) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(), "sa", "");
                Statement statement = connection.createStatement()) {
            statement.execute(command);
        }
    }
}
